# Sourced by the lint scripts: the rooms, as the top CMakeLists.txt lists them, so that none is forgotten.
read -ra rooms < <(sed -n 's/^foreach(room \(.*\))$/\1/p' CMakeLists.txt)
[ "${#rooms[@]}" -gt 1 ] || { echo "CMakeLists.txt no longer lists the rooms where tests/lint/rooms.bash looks"; exit 1; }
