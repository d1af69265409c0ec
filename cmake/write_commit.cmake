# Write OUT with the version and the commit of SOURCE, only if they changed. Without git, or where SOURCE is not the top
# of a repository (an unpacked archive, say), the commit is "unknown".
set(commit "unknown")
if(GIT)
  set(git ${GIT} -c safe.directory=${SOURCE} -C ${SOURCE})
  execute_process(COMMAND ${git} rev-parse --show-cdup HEAD
                  OUTPUT_VARIABLE out RESULT_VARIABLE bad ERROR_QUIET)
  # Two lines: the way up to the top, which must be empty, and the commit.
  if(NOT bad AND out MATCHES "^\n([0-9a-f]+)")
    string(SUBSTRING ${CMAKE_MATCH_1} 0 12 commit)
    execute_process(COMMAND ${git} status --porcelain --untracked-files=no
                    OUTPUT_VARIABLE dirty ERROR_QUIET)
    if(dirty)
      string(APPEND commit "+changes")
    endif()
  endif()
endif()
set(text "#define BALLAST_VERSION \"${VERSION}\"\n#define BALLAST_COMMIT \"${commit}\"\n")
if(EXISTS ${OUT})
  file(READ ${OUT} old)
endif()
if(NOT "${old}" STREQUAL "${text}")
  file(WRITE ${OUT} "${text}")
endif()
