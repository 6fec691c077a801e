/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-fact.h"

/* Sizes of arrays that facts and their kinds are the indices of. Not public: they grow. */
#define ZPCI_N_FACTS (ZPCI_FACT_FIDPARM + 1)
#define ZPCI_N_FACT_KINDS (ZPCI_FACT_KIND_GROUP + 1)
