# embed_text(TARGET NAME FILE): FILE's text as the C string `embedded_NAME`, in generated/embedded_NAME.h.
function(embed_text TARGET NAME FILE)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${FILE})
  file(READ ${FILE} text)
  string(REPLACE "\\" "\\\\" text "${text}")
  string(REPLACE "\"" "\\\"" text "${text}")
  string(REPLACE "\n" "\\n\"\n    \"" text "${text}")
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/embedded_${NAME}.h
       CONTENT "static const char embedded_${NAME}[] =\n    \"@text@\";\n" @ONLY)
  target_include_directories(${TARGET} PRIVATE ${CMAKE_BINARY_DIR}/generated)
endfunction()
