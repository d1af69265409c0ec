# `cpack` in the build folder (./dev package) makes a Debian package of what is installed.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME ballast)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_DESCRIPTION
"Ballast replays spot prices and interruptions through the policy that sizes the on-demand backup of a Spot Fleet,
 and tells what it costs and how much capacity it leaves unfulfilled: for what-if runs, sweeps and tuning, as a gate
 in continuous integration, and with the same policy live against an account.")
set(CPACK_PACKAGE_CONTACT "The Ballast developers <ballast@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON) # the libraries, as dpkg knows them
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "gnuplot-nox, bash-completion, pkg-config")
set(CPACK_VERBATIM_VARIABLES ON)
include(CPack)
