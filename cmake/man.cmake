# Write the manual pages of PROGRAM into folder OUT, from its own help: ballast.1, ballast-run.1, ballast-trace-import.1, ...
function(write_page)
  string(JOIN "-" name ballast ${ARGN})
  execute_process(COMMAND ${PROGRAM} ${ARGN} --help=man OUTPUT_FILE ${OUT}/${name}.1 RESULT_VARIABLE bad)
  if(bad)
    message(FATAL_ERROR "${PROGRAM} has no page of ${ARGN}")
  endif()
endfunction()

# What of "--help=commands" is a list of commands of its own is a family.
function(write_pages)
  write_page(${ARGN})
  execute_process(COMMAND ${PROGRAM} ${ARGN} --help=commands OUTPUT_VARIABLE commands RESULT_VARIABLE bad ERROR_QUIET)
  if(bad)
    return()
  endif()
  string(REGEX MATCHALL "[^\n]+" commands "${commands}")
  foreach(command ${commands})
    write_pages(${ARGN} ${command})
  endforeach()
endfunction()

file(MAKE_DIRECTORY ${OUT})
write_pages()
