# What `cmake --install` puts in place: the program, and what an author of a policy needs (policy.h, installed by its
# room, and a pkg-config file that finds it).
configure_file(${CMAKE_SOURCE_DIR}/cmake/ballast.pc.in ${CMAKE_BINARY_DIR}/generated/ballast.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/generated/ballast.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
