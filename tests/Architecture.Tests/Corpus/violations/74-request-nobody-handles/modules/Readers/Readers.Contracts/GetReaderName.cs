using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Readers.Contracts;

/// <summary>A name.</summary>
/// <param name="Id">The reader.</param>
public sealed record GetReaderName(Guid Id) : IQuery<string>; // finds: requests-have-one-handler "has 0 handlers"
