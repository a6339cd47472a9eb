// SPDX-License-Identifier: GPL-2.0
/*
 * Events into the guest that has just exited (APM 2, 15.20). An exception that its parent has asked
 * for goes there instead, as if the processor had raised it.
 */
#include "../svm/svm.h"
#include "../vm/vp.h"
#include "intercept.h"
#include "serve.h"

#define VECTOR_GP	13

void inject_exception(struct vp *vp, u8 vector)
{
	if (!intercept_injected(vp, vector))
		vp->vmcb->eventinj = vector | EVENTINJ_TYPE_EXCEPTION | EVENTINJ_VALID;
}

void inject_gp(struct vp *vp)
{
	if (!intercept_injected(vp, VECTOR_GP))
		vp->vmcb->eventinj = VECTOR_GP | EVENTINJ_TYPE_EXCEPTION | EVENTINJ_ERROR |
				     EVENTINJ_VALID;
}
