# What `cmake --install` puts in place: the program, and what an author of a policy needs (policy.h, installed by its
# room, and a pkg-config file that finds it).
# It finds its prefix from where it is, so that `cmake --install --prefix DIR` needs no other.
file(RELATIVE_PATH BALLAST_PC_TO_PREFIX ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" BALLAST_PC_TO_PREFIX "${BALLAST_PC_TO_PREFIX}")
configure_file(${CMAKE_SOURCE_DIR}/cmake/ballast.pc.in ${CMAKE_BINARY_DIR}/generated/ballast.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/generated/ballast.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# Manual pages and completion come from the program's own tables.
install(CODE "execute_process(COMMAND ${CMAKE_COMMAND}
  -DPROGRAM=$<TARGET_FILE:ballast>
  -DOUT=\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_MANDIR}/man1
  -P ${CMAKE_SOURCE_DIR}/cmake/man.cmake COMMAND_ERROR_IS_FATAL ANY)")
install(FILES ${CMAKE_SOURCE_DIR}/cmake/completion.bash RENAME ballast
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${CMAKE_SOURCE_DIR}/cmake/completion.fish RENAME ballast.fish
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
# zsh looks into another folder for what a distribution installs than for what an administrator does.
install(CODE "set(BALLAST_ZSH vendor-completions)
  if(CMAKE_INSTALL_PREFIX MATCHES \"/local/?$\")
    set(BALLAST_ZSH site-functions)
  endif()
  file(INSTALL ${CMAKE_SOURCE_DIR}/cmake/completion.zsh RENAME _ballast
       DESTINATION \${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATADIR}/zsh/\${BALLAST_ZSH})")

# The daemon as a service: a unit, the user it runs as, and what to write into its settings and its monitoring. The unit
# names the program by its path, which only the installation knows.
install(CODE "set(BALLAST_BIN \${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR})
  set(BALLAST_DOC \${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATAROOTDIR}/doc/ballast)
  configure_file(${CMAKE_SOURCE_DIR}/packaging/ballast-live@.service.in
                 \$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/lib/systemd/system/ballast-live@.service @ONLY)")
install(FILES ${CMAKE_SOURCE_DIR}/packaging/sysusers.conf DESTINATION lib/sysusers.d RENAME ballast.conf)
install(FILES ${CMAKE_SOURCE_DIR}/docs/operations.md ${CMAKE_SOURCE_DIR}/docs/live.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${CMAKE_SOURCE_DIR}/packaging/example.env DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/examples/monitoring DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
