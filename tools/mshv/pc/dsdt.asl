// SPDX-License-Identifier: GPL-2.0
// The devices that ACPI has to tell of: the PCI bus and the serial port.
DefinitionBlock ("", "DSDT", 2, "MSHV", "MSHVVMM", 1)
{
	Name (\_S5, Package () { 5, 0, 0, 0 })

	Device (\_SB.PCI0)
	{
		Name (_HID, EisaId ("PNP0A03"))
		Name (_CRS, ResourceTemplate () {
			WordBusNumber (ResourceProducer, MinFixed, MaxFixed, PosDecode,
				       0, 0, 0, 0, 1)
			IO (Decode16, 0xcf8, 0xcf8, 1, 8)
			WordIO (ResourceProducer, MinFixed, MaxFixed, PosDecode, EntireRange,
				0, 0x1000, 0xffff, 0, 0xf000)
			DWordMemory (ResourceProducer, PosDecode, MinFixed, MaxFixed,
				     NonCacheable, ReadWrite,
				     0, 0xe0000000, 0xfebfffff, 0, 0x1ec00000)
		})
	}

	Device (\_SB.COM1)
	{
		Name (_HID, EisaId ("PNP0501"))
		Name (_CRS, ResourceTemplate () {
			IO (Decode16, 0x3f8, 0x3f8, 1, 8)
			Interrupt (ResourceConsumer, Edge, ActiveHigh, Exclusive) { 4 }
		})
	}
}
