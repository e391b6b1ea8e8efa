namespace ModularMonolith.Readers.Contracts;

/// <summary>Knows readers.</summary>
public delegate int CountReaders(Guid desk); // finds: contracts-hold-no-behaviour ""
