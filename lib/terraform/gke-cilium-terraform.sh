#!/bin/sh
# Terraform for `cdktf deploy` at a terminal: export TERRAFORM_BINARY_NAME="$PWD/node_modules/.bin/gke-cilium-terraform"
#
# Interrupted by Ctrl-C, cdktf passes that on and ends at once, and the terminal that it gave Terraform ends with it. Then
# the kernel hangs up on Terraform, which dies of it while it is still waiting for Google to answer: what it was creating
# is in no state. Deaf to that, it writes down what it waited for, and the next run goes on there.
#
# GKE_CILIUM_TERRAFORM names another program than `terraform`, such as `tofu`.
trap '' HUP
exec "${GKE_CILIUM_TERRAFORM:-terraform}" "$@"
