# Prints a configuration as wg reads it: neither Address nor hooks, which are wg-quick's.
# Arguments: file, public key. With a key, of the peers that one alone.
function flush() {
  if (wanted) printf "%s", held
  held = ""
}
BEGIN {
  only = ARGV[2]
  wanted = 1
  while ((getline line < ARGV[1]) > 0) {
    said = line
    sub(/#.*/, "", said)
    word = tolower(said)
    gsub(/[ \t\r]/, "", word)
    if (word ~ /^\[/) {
      flush()
      section = word
      wanted = section != "[peer]" || only == ""
    }
    if (section == "[interface]" && word ~ /^(address|dns|mtu|table|preup|postup|predown|postdown|saveconfig)=/) continue
    if (section == "[peer]" && word ~ /^publickey=/) {
      gsub(/[ \t\r]/, "", said)
      if (substr(said, 11) == only) wanted = 1
    }
    held = held said "\n"
  }
  flush()
  exit
}
