#pragma once

/// Compiled for these, of which the processor's best is chosen as the program starts.
#if defined(__x86_64__) && defined(__linux__)
#define DISPATCH __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define DISPATCH
#endif
