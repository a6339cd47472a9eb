/* SPDX-License-Identifier: GPL-2.0 */
/* Names of the table of literal numbers -> the driver's definitions. */
#ifndef _MSHV_ABI_NAMES_H
#define _MSHV_ABI_NAMES_H

#define N_call_create_partition		HVCALL_CREATE_PARTITION
#define N_call_initialize_partition	HVCALL_INITIALIZE_PARTITION
#define N_call_finalize_partition	HVCALL_FINALIZE_PARTITION
#define N_call_delete_partition		HVCALL_DELETE_PARTITION
#define N_call_set_partition_property	HVCALL_SET_PARTITION_PROPERTY
#define N_call_deposit_memory		HVCALL_DEPOSIT_MEMORY
#define N_call_withdraw_memory		HVCALL_WITHDRAW_MEMORY
#define N_call_map_gpa_pages		HVCALL_MAP_GPA_PAGES
#define N_call_unmap_gpa_pages		HVCALL_UNMAP_GPA_PAGES
#define N_call_create_vp		HVCALL_CREATE_VP
#define N_call_get_vp_registers		HVCALL_GET_VP_REGISTERS
#define N_call_set_vp_registers		HVCALL_SET_VP_REGISTERS

#define N_message_unmapped_gpa			MSHV_HVMSG_UNMAPPED_GPA
#define N_message_gpa_intercept			MSHV_HVMSG_GPA_INTERCEPT
#define N_message_invalid_vp_register_value	MSHV_HVMSG_INVALID_VP_REGISTER_VALUE
#define N_message_unrecoverable_exception	MSHV_HVMSG_UNRECOVERABLE_EXCEPTION
#define N_message_unsupported_feature		MSHV_HVMSG_UNSUPPORTED_FEATURE
#define N_message_x64_io_port_intercept		MSHV_HVMSG_X64_IO_PORT_INTERCEPT
#define N_message_x64_msr_intercept		MSHV_HVMSG_X64_MSR_INTERCEPT
#define N_message_x64_cpuid_intercept		MSHV_HVMSG_X64_CPUID_INTERCEPT
#define N_message_x64_exception_intercept	MSHV_HVMSG_X64_EXCEPTION_INTERCEPT
#define N_message_x64_apic_eoi			MSHV_HVMSG_X64_APIC_EOI
#define N_message_x64_halt			MSHV_HVMSG_X64_HALT

#define N_register_explicit_suspend		HV_REGISTER_EXPLICIT_SUSPEND
#define N_register_intercept_suspend		HV_REGISTER_INTERCEPT_SUSPEND
#define N_register_dispatch_suspend		HV_REGISTER_DISPATCH_SUSPEND
#define N_register_internal_activity_state	HV_REGISTER_INTERNAL_ACTIVITY_STATE
#define N_register_pending_interruption		HV_REGISTER_PENDING_INTERRUPTION
#define N_register_rax			HV_X64_REGISTER_RAX
#define N_register_r15			HV_X64_REGISTER_R15
#define N_register_rip			HV_X64_REGISTER_RIP
#define N_register_rflags		HV_X64_REGISTER_RFLAGS
#define N_register_xmm0			HV_X64_REGISTER_XMM0
#define N_register_xmm15		HV_X64_REGISTER_XMM15
#define N_register_fp_control_status	HV_X64_REGISTER_FP_CONTROL_STATUS
#define N_register_xmm_control_status	HV_X64_REGISTER_XMM_CONTROL_STATUS
#define N_register_cr0			HV_X64_REGISTER_CR0
#define N_register_cr2			HV_X64_REGISTER_CR2
#define N_register_cr3			HV_X64_REGISTER_CR3
#define N_register_cr4			HV_X64_REGISTER_CR4
#define N_register_cr8			HV_X64_REGISTER_CR8
#define N_register_xfem			HV_X64_REGISTER_XFEM
#define N_register_dr0			HV_X64_REGISTER_DR0
#define N_register_dr7			HV_X64_REGISTER_DR7
#define N_register_es			HV_X64_REGISTER_ES
#define N_register_tr			HV_X64_REGISTER_TR
#define N_register_idtr			HV_X64_REGISTER_IDTR
#define N_register_gdtr			HV_X64_REGISTER_GDTR
#define N_register_tsc			HV_X64_REGISTER_TSC
#define N_register_efer			HV_X64_REGISTER_EFER
#define N_register_pat			HV_X64_REGISTER_PAT
#define N_register_sfmask		HV_X64_REGISTER_SFMASK
#define N_register_mtrr_phys_base0	HV_X64_REGISTER_MSR_MTRR_PHYS_BASE0
#define N_register_mtrr_phys_mask0	HV_X64_REGISTER_MSR_MTRR_PHYS_MASK0
#define N_register_mtrr_fix4kf8000	HV_X64_REGISTER_MSR_MTRR_FIX4KF8000
#define N_register_tsc_aux		HV_X64_REGISTER_TSC_AUX
#define N_register_debug_ctl		HV_X64_REGISTER_DEBUG_CTL
#define N_register_spec_ctrl		HV_X64_REGISTER_SPEC_CTRL

#define N_property_synthetic_proc_features \
	HV_PARTITION_PROPERTY_SYNTHETIC_PROC_FEATURES

#define S_create_partition	struct mshv_hvin_create_partition
#define S_set_property		struct mshv_hvin_set_partition_property
#define S_deposit		struct hv_deposit_memory
#define S_withdraw		struct mshv_hvin_withdraw_memory
#define S_map_gpa		struct mshv_hvin_map_gpa_pages
#define S_unmap_gpa		struct mshv_hvin_unmap_gpa_pages
#define S_create_vp		struct mshv_hvin_create_vp
#define S_vp_registers		struct mshv_hvin_vp_registers
#define S_register_assoc	struct mshv_hv_register_assoc
#define S_segment		struct mshv_hv_x64_segment_register
#define S_table			struct mshv_hv_x64_table_register
#define S_message		struct mshv_hv_message
#define S_intercept		struct mshv_hv_x64_intercept_message_header
#define S_memory		struct mshv_hv_x64_memory_intercept_message
#define S_io_port		struct mshv_hv_x64_io_port_intercept_message

#define F_create_partition_flags		flags
#define F_create_partition_proximity		proximity_domain_info
#define F_create_partition_compatibility_version compatibility_version
#define F_create_partition_properties		creation_properties
#define F_create_partition_isolation		isolation_properties
#define F_set_property_partition_id		partition_id
#define F_set_property_code			property_code
#define F_set_property_value			property_value
#define F_deposit_partition_id			partition_id
#define F_deposit_pages				gpa_page_list
#define F_withdraw_partition_id			partition_id
#define F_withdraw_proximity			proximity_domain_info
#define F_map_gpa_partition_id			partition_id
#define F_map_gpa_gfn				target_gpa_base
#define F_map_gpa_flags				map_flags
#define F_map_gpa_pages				source_gpa_page_list
#define F_unmap_gpa_partition_id		partition_id
#define F_unmap_gpa_gfn				target_gpa_base
#define F_unmap_gpa_flags			unmap_flags
#define F_create_vp_partition_id		partition_id
#define F_create_vp_vp_index			vp_index
#define F_create_vp_subnode_type		subnode_type
#define F_create_vp_subnode_id			subnode_id
#define F_create_vp_proximity			proximity_domain_info
#define F_create_vp_flags			flags
#define F_vp_registers_partition_id		partition_id
#define F_vp_registers_vp_index			vp_index
#define F_vp_registers_vtl			input_vtl
#define F_register_assoc_name			name
#define F_register_assoc_value			value
#define F_segment_base				base
#define F_segment_limit				limit
#define F_segment_selector			selector
#define F_segment_attributes			attributes
#define F_table_limit				limit
#define F_table_base				base
#define F_message_type				header.message_type
#define F_message_payload_size			header.payload_size
#define F_message_flags				header.message_flags
#define F_message_sender			header.sender
#define F_message_payload			payload
#define F_intercept_vp_index			vp_index
#define F_intercept_access_type			intercept_access_type
#define F_intercept_execution_state		execution_state
#define F_intercept_cs				cs_segment
#define F_intercept_rip				rip
#define F_intercept_rflags			rflags
#define F_memory_cache_type			cache_type
#define F_memory_instruction_byte_count		instruction_byte_count
#define F_memory_access_info			memory_access_info
#define F_memory_gva				guest_virtual_address
#define F_memory_gpa				guest_physical_address
#define F_memory_instruction_bytes		instruction_bytes
#define F_io_port_port				port_number
#define F_io_port_access_info			access_info
#define F_io_port_instruction_byte_count	instruction_byte_count
#define F_io_port_rax				rax
#define F_io_port_instruction_bytes		instruction_bytes
#define F_io_port_ds				ds_segment
#define F_io_port_es				es_segment
#define F_io_port_rcx				rcx
#define F_io_port_rsi				rsi
#define F_io_port_rdi				rdi

#define N_call_get_partition_property HVCALL_GET_PARTITION_PROPERTY
#define N_call_install_intercept HVCALL_INSTALL_INTERCEPT
#define N_call_translate_virtual_address HVCALL_TRANSLATE_VIRTUAL_ADDRESS
#define N_call_clear_virtual_interrupt HVCALL_CLEAR_VIRTUAL_INTERRUPT
#define N_call_assert_virtual_interrupt HVCALL_ASSERT_VIRTUAL_INTERRUPT
#define N_call_map_vp_state_page HVCALL_MAP_VP_STATE_PAGE
#define N_call_unmap_vp_state_page HVCALL_UNMAP_VP_STATE_PAGE
#define N_call_get_vp_state HVCALL_GET_VP_STATE
#define N_call_set_vp_state HVCALL_SET_VP_STATE
#define N_message_hypercall_intercept MSHV_HVMSG_HYPERCALL_INTERCEPT
#define N_message_x64_interruption_deliverable \
	MSHV_HVMSG_X64_INTERRUPTION_DELIVERABLE
#define N_message_x64_sipi_intercept MSHV_HVMSG_X64_SIPI_INTERCEPT
#define N_property_privilege_flags HV_PARTITION_PROPERTY_PRIVILEGE_FLAGS
#define N_property_suspend HV_PARTITION_PROPERTY_SUSPEND
#define N_property_cpu_weight HV_PARTITION_PROPERTY_CPU_WEIGHT
#define N_property_time_freeze HV_PARTITION_PROPERTY_TIME_FREEZE
#define N_property_processors_per_socket \
	HV_PARTITION_PROPERTY_PROCESSORS_PER_SOCKET
#define N_property_gpa_page_access_tracking \
	HV_PARTITION_PROPERTY_GPA_PAGE_ACCESS_TRACKING
#define N_property_unimplemented_msr_action \
	HV_PARTITION_PROPERTY_UNIMPLEMENTED_MSR_ACTION
#define N_property_processor_vendor HV_PARTITION_PROPERTY_PROCESSOR_VENDOR
#define N_property_processor_xsave_features \
	HV_PARTITION_PROPERTY_PROCESSOR_XSAVE_FEATURES
#define N_property_xsave_states HV_PARTITION_PROPERTY_XSAVE_STATES
#define N_property_max_xsave_data_size \
	HV_PARTITION_PROPERTY_MAX_XSAVE_DATA_SIZE
#define N_property_processor_features0 \
	HV_PARTITION_PROPERTY_PROCESSOR_FEATURES0
#define N_property_processor_features1 \
	HV_PARTITION_PROPERTY_PROCESSOR_FEATURES1
#define N_property_guest_os_id HV_PARTITION_PROPERTY_GUEST_OS_ID
#define N_property_processor_virtualization_features \
	HV_PARTITION_PROPERTY_PROCESSOR_VIRTUALIZATION_FEATURES
#define N_intercept_x64_io_port HV_INTERCEPT_TYPE_X64_IO_PORT
#define N_intercept_x64_msr HV_INTERCEPT_TYPE_X64_MSR
#define N_intercept_x64_cpuid HV_INTERCEPT_TYPE_X64_CPUID
#define N_intercept_exception HV_INTERCEPT_TYPE_EXCEPTION
#define N_intercept_hypercall HV_INTERCEPT_TYPE_HYPERCALL
#define N_intercept_x64_apic_init_sipi HV_INTERCEPT_TYPE_X64_APIC_INIT_SIPI
#define N_intercept_x64_apic_write HV_INTERCEPT_TYPE_X64_APIC_WRITE
#define N_interrupt_fixed MSHV_HV_X64_INTERRUPT_TYPE_FIXED
#define N_interrupt_lowest_priority MSHV_HV_X64_INTERRUPT_TYPE_LOWESTPRIORITY
#define N_interrupt_smi MSHV_HV_X64_INTERRUPT_TYPE_SMI
#define N_interrupt_nmi MSHV_HV_X64_INTERRUPT_TYPE_NMI
#define N_interrupt_init MSHV_HV_X64_INTERRUPT_TYPE_INIT
#define N_interrupt_sipi MSHV_HV_X64_INTERRUPT_TYPE_SIPI
#define N_interrupt_extint MSHV_HV_X64_INTERRUPT_TYPE_EXTINT
#define N_state_lapic HV_GET_SET_VP_STATE_LOCAL_INTERRUPT_CONTROLLER_STATE
#define N_state_xsave HV_GET_SET_VP_STATE_XSAVE
#define N_state_page_registers HV_VP_STATE_PAGE_REGISTERS
#define N_map_large HV_MAP_GPA_LARGE_PAGE
#define N_unmap_large HV_UNMAP_GPA_LARGE_PAGE
#define S_msr struct mshv_hv_x64_msr_intercept_message
#define S_cpuid struct mshv_hv_x64_cpuid_intercept_message
#define S_exception struct mshv_hv_x64_exception_intercept_message
#define S_hypercall struct mshv_hv_x64_hypercall_intercept_message
#define S_deliverable struct mshv_hv_x64_interruption_deliverable_message
#define S_sipi struct mshv_hv_x64_sipi_intercept_message
#define S_invalid_register struct mshv_hv_x64_invalid_vp_register_message
#define S_unsupported struct mshv_hv_x64_unsupported_feature_message
#define S_apic_eoi struct mshv_hv_x64_apic_eoi_message
#define S_get_property struct mshv_hvin_get_partition_property
#define S_install_intercept struct mshv_hvin_install_intercept
#define S_assert_interrupt struct mshv_hvin_assert_interrupt
#define S_vp_state_page struct mshv_hvin_vp_state_page
#define S_vp_state struct mshv_hvin_vp_state
#define S_lapic struct mshv_hv_local_interrupt_controller_state
#define S_translate struct mshv_hvin_translate
#define S_translated struct mshv_hvout_translate
#define S_register_page struct mshv_hv_vp_register_page
#define F_msr_number msr_number
#define F_msr_rdx rdx
#define F_msr_rax rax
#define F_cpuid_rax rax
#define F_cpuid_rcx rcx
#define F_cpuid_rdx rdx
#define F_cpuid_rbx rbx
#define F_cpuid_default_rax default_result_rax
#define F_cpuid_default_rbx default_result_rbx
#define F_exception_vector exception_vector
#define F_exception_info exception_info
#define F_exception_instruction_byte_count instruction_byte_count
#define F_exception_error_code error_code
#define F_exception_parameter exception_parameter
#define F_exception_instruction_bytes instruction_bytes
#define F_exception_ds ds_segment
#define F_exception_ss ss_segment
#define F_exception_rax gprs
#define F_hypercall_rax rax
#define F_hypercall_xmm xmm
#define F_hypercall_flags flags
#define F_deliverable_type deliverable_type
#define F_sipi_target target_vp_index
#define F_sipi_vector interrupt_vector
#define F_unsupported_feature_code feature_code
#define F_unsupported_parameter feature_parameter
#define F_apic_eoi_vector interrupt_vector
#define F_get_property_partition_id partition_id
#define F_get_property_code property_code
#define F_install_intercept_partition_id partition_id
#define F_install_intercept_access_type access_type
#define F_install_intercept_type intercept_type
#define F_install_intercept_parameter intercept_parameter
#define F_assert_interrupt_partition_id partition_id
#define F_assert_interrupt_type interrupt_type
#define F_assert_interrupt_flags flags
#define F_assert_interrupt_dest_addr dest_addr
#define F_assert_interrupt_vector vector
#define F_assert_interrupt_vtl target_vtl
#define F_vp_state_page_partition_id partition_id
#define F_vp_state_page_vp_index vp_index
#define F_vp_state_page_type type
#define F_vp_state_partition_id partition_id
#define F_vp_state_vp_index vp_index
#define F_vp_state_vtl input_vtl
#define F_vp_state_type type
#define F_vp_state_xsave_flags xsave_flags
#define F_vp_state_xsave_states xsave_states
#define F_vp_state_data data
#define F_lapic_id apic_id
#define F_lapic_spurious apic_spurious
#define F_lapic_isr apic_isr
#define F_lapic_tmr apic_tmr
#define F_lapic_irr apic_irr
#define F_lapic_esr apic_esr
#define F_lapic_icr_high apic_icr_high
#define F_lapic_lvt_timer apic_lvt_timer
#define F_lapic_lvt_lint0 apic_lvt_lint0
#define F_lapic_lvt_cmci apic_lvt_cmci
#define F_lapic_initial_count apic_initial_count
#define F_lapic_divide apic_divide_configuration
#define F_lapic_remote_read apic_remote_read
#define F_translate_partition_id partition_id
#define F_translate_vp_index vp_index
#define F_translate_flags control_flags
#define F_translate_gva_page gva_page
#define F_translated_result result
#define F_translated_gpa_page gpa_page
#define F_register_page_isvalid isvalid
#define F_register_page_dirty dirty
#define F_register_page_gprs gprs
#define F_register_page_rip rip
#define F_register_page_rflags rflags
#define F_register_page_xmm xmm
#define F_register_page_segments segment
#define F_register_page_cr0 cr0
#define F_register_page_efer efer
#define F_register_page_pending_interruption pending_interruption
#define F_register_page_xfem xfem

#endif /* _MSHV_ABI_NAMES_H */
