/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-chain.h"
#include "zpci-facts.h"

/** zpci_chain_collect: adds to @facts what the chain says; of duplicates the first one counts. */
void zpci_chain_collect(const ZpciChain *chain, ZpciFacts *facts);
