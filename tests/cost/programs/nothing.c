// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Does not allocate.
int main(void) {
  return 0;
}
