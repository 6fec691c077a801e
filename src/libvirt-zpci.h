/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

/* The public face of libvirt-zpci: #include <libvirt-zpci/libvirt-zpci.h> */

#include "zpci-address-request.h"
#include "zpci-address-set.h"
#include "zpci-binding.h"
#include "zpci-capability.h"
#include "zpci-capture.h"
#include "zpci-chain.h"
#include "zpci-domain-document.h"
#include "zpci-error.h"
#include "zpci-event.h"
#include "zpci-fact.h"
#include "zpci-finding.h"
#include "zpci-function.h"
#include "zpci-guest-address.h"
#include "zpci-host.h"
#include "zpci-hostdev.h"
#include "zpci-inventory.h"
#include "zpci-monitor.h"
#include "zpci-schema.h"
#include "zpci-states.h"
#include "zpci-validation.h"
