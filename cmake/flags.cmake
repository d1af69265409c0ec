# What each kind of build means.
#   Release  -O2, without the invariants (NDEBUG); the rooms that every simulated minute goes through: ballast_hot_rooms
#   Debug    -Og, with the invariants: every sum that is kept is summed again as the run goes
# BALLAST_SANITIZE adds sanitizers to either; a finding ends the program.
set(CMAKE_C_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_C_FLAGS_DEBUG "-Og -g -UNDEBUG")
if(BALLAST_SANITIZE)
  add_compile_options(-fsanitize=${BALLAST_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${BALLAST_SANITIZE})
endif()
# Debug builds link a hundred test programs: with mold, where it is installed, in a tenth of the time.
find_program(MOLD mold)
if(MOLD AND CMAKE_BUILD_TYPE STREQUAL "Debug" AND CMAKE_C_COMPILER_ID STREQUAL "GNU"
   AND CMAKE_C_COMPILER_VERSION VERSION_GREATER_EQUAL 12.1)
  add_link_options(-fuse-ld=mold)
endif()
