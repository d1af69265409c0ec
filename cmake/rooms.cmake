# ballast_room(NAME SOURCES ... LINKS room ... LIBRARIES lib ...)
#
# A room is a static library. Its headers are reached as "NAME/header.h", and only by rooms that link it: each
# room's include path is a folder of its own that holds one link, NAME, to the room. So CMake's target links are what
# enforces the order of the house.
set(BALLAST_WARNINGS -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Werror)

function(ballast_flags TARGET)
  target_compile_options(${TARGET} PRIVATE ${BALLAST_WARNINGS} -ffp-contract=off -fno-common
                         $<$<CONFIG:Debug>:-fno-omit-frame-pointer>)
  target_compile_definitions(${TARGET} PRIVATE _GNU_SOURCE)
endfunction()

function(ballast_room NAME)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LINKS;LIBRARIES" ${ARGN})
  add_library(${NAME} STATIC ${ROOM_SOURCES})
  set(face ${CMAKE_BINARY_DIR}/rooms/${NAME})
  file(MAKE_DIRECTORY ${face})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${face}/${NAME} SYMBOLIC)
  target_include_directories(${NAME} PUBLIC ${face})
  target_link_libraries(${NAME} PUBLIC ${ROOM_LINKS} PRIVATE ${ROOM_LIBRARIES})
  ballast_flags(${NAME})
endfunction()

# What a simulated minute does lies in many files of these rooms. A release optimises them together, in programs with
# the property BALLAST_WHOLE; their objects hold ordinary code too, for the hundred tests that need not wait for it.
function(ballast_hot_rooms)
  if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
    foreach(room ${ARGN})
      target_compile_options(${room} PRIVATE $<$<CONFIG:Release>:-O3 -flto=auto -ffat-lto-objects>)
      target_link_options(${room} PUBLIC $<$<CONFIG:Release>:$<IF:$<BOOL:$<TARGET_PROPERTY:BALLAST_WHOLE>>,-flto=auto,-fno-lto>>)
    endforeach()
  endif()
endfunction()
