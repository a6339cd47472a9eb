// SPDX-License-Identifier: GPL-2.0
/* Events into the guest that has just exited (APM 2, 15.20). */
#include "../svm/svm.h"
#include "../vm/vp.h"
#include "serve.h"

#define VECTOR_GP	13

void inject_exception(struct vp *vp, u8 vector)
{
	vp->vmcb->eventinj = vector | EVENTINJ_TYPE_EXCEPTION | EVENTINJ_VALID;
}

void inject_gp(struct vp *vp)
{
	vp->vmcb->eventinj = VECTOR_GP | EVENTINJ_TYPE_EXCEPTION | EVENTINJ_ERROR | EVENTINJ_VALID;
}
