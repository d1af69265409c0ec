# The version names the commit it was built from; it is looked up anew at every build.
find_package(Git QUIET)
add_custom_target(ballast_commit
  COMMAND ${CMAKE_COMMAND} -DSOURCE=${CMAKE_SOURCE_DIR} -DGIT=${GIT_EXECUTABLE}
          -DVERSION=${PROJECT_VERSION} -DOUT=${CMAKE_BINARY_DIR}/generated/version_commit.h
          -P ${CMAKE_SOURCE_DIR}/cmake/write_commit.cmake
  BYPRODUCTS ${CMAKE_BINARY_DIR}/generated/version_commit.h
  VERBATIM)
