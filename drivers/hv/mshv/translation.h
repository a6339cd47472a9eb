/* SPDX-License-Identifier: GPL-2.0 */
/* What a translation of an address comes to; pure, so that it is tested alone. */
#ifndef _MSHV_TRANSLATION_H
#define _MSHV_TRANSLATION_H

#include <linux/types.h>
#include <asm/hyperv-tlfs.h>
#include <asm/mshv.h>

/**
 * struct mshv_translation - an address, and where it leads
 * @gva_page: guest virtual page number
 * @flags: HV_TRANSLATE_GVA_*
 * @result: code, cache type and overlay bit
 * @gpa_page: guest physical page number, if the code says that there is one
 */
struct mshv_translation {
	u64 gva_page;
	u64 flags;
	u64 result;
	u64 gpa_page;
};

/**
 * mshv_translation_gpa - the guest physical address of a translation
 * @translation: made
 * @gva: the address, with its offset into the page
 *
 * Return: the address, or 0 if the page tables lead to none.
 */
static inline u64
mshv_translation_gpa(const struct mshv_translation *translation, u64 gva)
{
	switch ((u32)translation->result) {
	case HV_TRANSLATE_GVA_SUCCESS:
	case HV_TRANSLATE_GVA_GPA_UNMAPPED:
	case HV_TRANSLATE_GVA_GPA_NO_READ_ACCESS:
	case HV_TRANSLATE_GVA_GPA_NO_WRITE_ACCESS:
	case HV_TRANSLATE_GVA_GPA_ILLEGAL_OVERLAY_ACCESS:
		return (translation->gpa_page << HV_HYP_PAGE_SHIFT) |
		       (gva & ~HV_HYP_PAGE_MASK);
	default:
		return 0;
	}
}

#endif /* _MSHV_TRANSLATION_H */
