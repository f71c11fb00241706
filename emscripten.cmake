# SPDX-License-Identifier: MIT OR Apache-2.0
#
# mini_alloc for CMake projects that are built with Emscripten. Three ways in, the same targets:
#
#   include(path/to/emscripten.cmake)        compiles the allocator from this source tree
#   FetchContent, then the same include      brings the source tree, too: README has the lines
#   find_package(mini_alloc CONFIG)          takes the archives of `make install`
#
#   target_link_libraries(app PRIVATE mini_alloc::mini_alloc)
#
#   mini_alloc::mini_alloc       one thread
#   mini_alloc::mt               threads; whatever links it is compiled and linked with -pthread
#   mini_alloc::resize           one thread; growth honors Emscripten's own settings
#   mini_alloc::memoryprofiler   one thread; reports to --memoryprofiler and --tracing
#   mini_alloc::trace            one thread; reports every call to `mini-alloc trace`

include_guard(GLOBAL)
cmake_policy(VERSION 3.13)

if(TARGET mini_alloc::mini_alloc)  # another copy of this file was here
  return()
endif()

if(NOT EMSCRIPTEN)
  set(_mini_alloc_message
      "mini_alloc: these targets are for Emscripten only\n  try: emcmake cmake -B build")
  if(CMAKE_FIND_PACKAGE_NAME STREQUAL "mini_alloc")  # find_package knows whether it is REQUIRED
    set(mini_alloc_FOUND FALSE)
    set(mini_alloc_NOT_FOUND_MESSAGE "${_mini_alloc_message}")
    return()
  endif()
  message(FATAL_ERROR "${_mini_alloc_message}")
endif()

if(EXISTS "${CMAKE_CURRENT_LIST_DIR}/src/mini_alloc.c")
  set(_mini_alloc_root "${CMAKE_CURRENT_LIST_DIR}")
  enable_language(C)  # the project may be a C++ one
else()
  get_filename_component(_mini_alloc_root "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
endif()

function(_mini_alloc_add name archive)  # and its compile options
  if(EXISTS "${_mini_alloc_root}/src/mini_alloc.c")
    # The flags of the Makefile's CFLAGS_LIB, where the reasons stand.
    set(target ${archive})
    add_library(${target} STATIC EXCLUDE_FROM_ALL "${_mini_alloc_root}/src/mini_alloc.c")
    add_library(mini_alloc::${name} ALIAS ${target})
    target_include_directories(${target} PUBLIC "${_mini_alloc_root}/include")
    target_compile_options(${target} PRIVATE -O2 -fPIC -fno-builtin -fno-lto ${ARGN})
    set_target_properties(${target} PROPERTIES
      C_STANDARD 11 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF INTERPROCEDURAL_OPTIMIZATION OFF)
  else()
    set(target mini_alloc::${name})
    add_library(${target} STATIC IMPORTED GLOBAL)
    set_target_properties(${target} PROPERTIES
      IMPORTED_LOCATION "${_mini_alloc_root}/lib/lib${archive}.a"
      INTERFACE_INCLUDE_DIRECTORIES "${_mini_alloc_root}/include")
  endif()
  target_link_options(${target} INTERFACE -sMALLOC=none)
  if("-pthread" IN_LIST ARGN)
    target_compile_options(${target} INTERFACE -pthread)
    target_link_options(${target} INTERFACE -pthread)
  endif()
endfunction()

_mini_alloc_add(mini_alloc mini_alloc)
_mini_alloc_add(mt mini_alloc-mt -pthread)
_mini_alloc_add(resize mini_alloc-resize -DMINI_ALLOC_RESIZE_HEAP)
_mini_alloc_add(memoryprofiler mini_alloc-memoryprofiler -D__EMSCRIPTEN_TRACING__=1)
_mini_alloc_add(trace mini_alloc-trace -DMINI_ALLOC_TRACE)
