#!/bin/sh
# Prints the directives of nginx and Apache that say which site goes where, and nothing else of their files.
# No arguments. Changes nothing. `nginx -T` would create the logs that a configuration names: the files are read instead.

# One record for each directive: web server, file, directive. Blocks open with `{` and end with `}`.
nginx() {
  case $1 in *[[:cntrl:]]*) return 0 ;; esac
  [ -r "$1" ] || { printf 'unseen\t%s\n' "$1"; return 0; }
  awk -v file="$1" '
    function emit(end) {
      gsub(/[\t ]+/, " ", word)
      sub(/^ /, "", word); sub(/ $/, "", word)
      # a user and a password may stand before the host
      gsub(/\/\/[^\/ @]*@/, "//", word)
      if (word ~ /^(server|location|upstream|http|stream|if|map)( |$)/ || word ~ /^(listen|server_name|proxy_pass|root|fastcgi_pass|uwsgi_pass|ssl_certificate) /)
        print "nginx\t" file "\t" word " " end
      else if (end != ";") print "nginx\t" file "\tother " end
      word = ""
    }
    {
      line = $0
      quote = ""
      for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        if (quote != "") { if (c == quote) quote = ""; word = word c }
        else if (c == "\"" || c == "\047") { quote = c; word = word c }
        else if (c == "#" && (i == 1 || substr(line, i - 1, 1) ~ /[ \t;{}]/)) break
        else if (c == ";" || c == "{" || c == "}") emit(c)
        else word = word c
      }
      word = word " "
    }' "$1"
}
for file in /etc/nginx/conf.d/*.conf /etc/nginx/sites-enabled/* /etc/nginx/nginx.conf; do
  [ ! -f "$file" ] || nginx "$file"
done

for file in /etc/apache2/sites-enabled/*; do
  [ -f "$file" ] || continue
  case $file in *[[:cntrl:]]*) continue ;; esac
  [ -r "$file" ] || { printf 'unseen\t%s\n' "$file"; continue; }
  awk -v file="$file" '
    { gsub(/\t/, " "); sub(/^ +/, ""); sub(/ +$/, "") ; gsub(/ +/, " "); gsub(/\/\/[^\/ @]*@/, "//") }
    tolower($1) ~ /^(<virtualhost|<\/virtualhost>|servername|serveralias|proxypass|documentroot|sslcertificatefile|balancermember)$/ {
      print "apache\t" file "\t" $0
    }' "$file"
done
