# What each kind of build means.
#   Release  -O2, without the invariants (NDEBUG)
#   Debug    -Og, with the invariants: every sum that is kept is summed again as the run goes
# BALLAST_SANITIZE adds sanitizers to either; a finding ends the program.
set(CMAKE_C_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_C_FLAGS_DEBUG "-Og -g -UNDEBUG")
if(BALLAST_SANITIZE)
  add_compile_options(-fsanitize=${BALLAST_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${BALLAST_SANITIZE})
endif()
