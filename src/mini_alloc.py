# SPDX-License-Identifier: MIT OR Apache-2.0
"""mini_alloc as a port for Emscripten 3.1.54 and newer.

  emcc --use-port=path/to/src/mini_alloc.py app.c -o app.js
  emcc --use-port=path/to/src/mini_alloc.py:growth=exact:alignment=16 app.c -o app.js

One flag, for compiling and for linking: the header is found, -sMALLOC=none is set, and the one C
file beside this one is compiled the way the program is (threads, MEMORY64), once, into Emscripten's
cache. Where the cache cannot be written, as in Linux distributions, it is compiled at each link.

emcc calls the functions below by their names and in this order: handle_options; then, where it
compiles, get and process_args; where it links, linker_setup and get. While it compiles, it lets
only those settings be read that matter for compiling.
"""

import hashlib
import os
from pathlib import Path

from tools import config, system_libs, utils

DESCRIPTION = 'mini-alloc: a bump allocator, for programs whose memory never has to be given back'
LICENSE = 'MIT OR Apache-2.0'

SOURCES = Path(__file__).resolve().parent
INCLUDE = SOURCES.parent / 'include'

# The flags of the Makefile's CFLAGS_LIB, where the reasons stand.
FLAGS = ['-std=c11', '-O2', '-fPIC', '-fno-builtin', '-fno-lto', f'-I{INCLUDE}']

OPTIONS = {
    'growth': 'exact: by no page more than needed; resize: through emscripten_resize_heap',
    'alignment': 'what malloc aligns to, in bytes: a power of two from 8 to 65536',
    'trace': 'true: report every call to `mini-alloc trace`',
}

VALUES = {
    'growth': {
        'exact': '-DMINI_ALLOC_GROW_EXACT',
        'resize': '-DMINI_ALLOC_RESIZE_HEAP',
    },
    'alignment': {str(1 << n): f'-DMINI_ALLOC_ALIGNMENT={1 << n}' for n in range(3, 17)},
    'trace': {'true': '-DMINI_ALLOC_TRACE'},
}

defines = []  # what the options came to
linking = False


def handle_options(options, error_handler):
    """Takes the options of --use-port; their names are known to be ours."""
    for option, value in options.items():
        values = VALUES[option]
        if value not in values:
            error_handler(f'{option}={value}: not one of {", ".join(values)}')
        defines.append(values[value])


def flags_for(settings):
    """Returns what to compile with, and refuses what threads exclude."""
    flags = FLAGS + defines
    if settings.SHARED_MEMORY:
        for define in ('-DMINI_ALLOC_RESIZE_HEAP', '-DMINI_ALLOC_TRACE'):
            if define in defines:
                utils.exit_with_error(
                    'mini-alloc: growth=resize and trace=true are for programs with one thread\n'
                    '  try: the port without them, or the program without threads')
        flags.append('-pthread')
    if settings.EMSCRIPTEN_TRACING:  # --memoryprofiler and --tracing
        flags.append('-D__EMSCRIPTEN_TRACING__=1')
    if settings.MEMORY64:
        flags += [f'-sMEMORY64={settings.MEMORY64}', '-Wno-experimental']
    return flags


def build(shared, flags, output):
    """Compiles the allocator, whatever a user's CFLAGS say."""
    system_libs.ensure_sysroot()
    command = [shared.EMCC, '-c', str(SOURCES / 'mini_alloc.c'), '-o', output, *flags]
    shared.check_call(command, env=system_libs.clean_env())


def cached_name(flags):
    """Returns a name that other flags or another state of the sources do not share."""
    digest = hashlib.sha256(repr(flags).encode())
    for source in [*sorted(SOURCES.glob('*.[ch]')), INCLUDE / 'mini_alloc.h']:
        digest.update(source.read_bytes())
    return f'mini_alloc-{digest.hexdigest()[:16]}.o'


def get(ports, settings, shared):
    """Returns what to link."""
    flags = flags_for(settings)
    if config.FROZEN_CACHE or not os.access(config.CACHE, os.W_OK):
        if not linking:
            return []
        output = os.path.join(shared.get_emscripten_temp_dir(), cached_name(flags))
        build(shared, flags, output)
        return [output]

    def create(output):
        build(shared, flags, output)

    return [shared.cache.get_lib(cached_name(flags), create, what='port')]


def clear(ports, settings, shared):
    """Forgets every build, of whatever flags and sources."""
    for build_of_ours in Path(shared.cache.get_lib_dir(absolute=True)).glob('mini_alloc-*.o'):
        shared.cache.erase_lib(build_of_ours.name)


def linker_setup(ports, settings):
    """Keeps Emscripten's own malloc out of the link."""
    global linking
    linking = True
    if settings.MALLOC not in ('dlmalloc', 'none'):  # dlmalloc is the default
        utils.exit_with_error(
            f'mini-alloc: -sMALLOC={settings.MALLOC} asks for another allocator\n'
            '  try: leave -sMALLOC or this port out')
    settings.MALLOC = 'none'


def show():
    """Returns the first line of --use-port=...:help."""
    return f'mini_alloc (--use-port=path/to/mini_alloc.py; {LICENSE})'


def process_args(ports):
    """Returns the flags for the program's own sources."""
    return ['-isystem', str(INCLUDE)]
