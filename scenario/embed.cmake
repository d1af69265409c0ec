# Write the file IN as a C array: const char scenario_schema[].
file(READ ${IN} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
string(REGEX REPLACE "((0x..,){20})" "\\1\n    " bytes "${bytes}")
file(WRITE ${OUT} "#include \"scenario/scenario.h\"\n\nconst char scenario_schema[] = {\n    ${bytes}0x00,\n};\n")
