// SPDX-License-Identifier: MIT OR Apache-2.0
int check_from_library();

int main() {
  return check_from_library();
}
