global using static ModularMonolith.Readers.Contracts.ReaderLimits;
global using Standing = ModularMonolith.Readers.Contracts.ReaderStanding;
