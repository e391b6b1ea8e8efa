using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Lending.Contracts;

/// <summary>How many copies a reader has at home.</summary>
/// <param name="ReaderId">The reader.</param>
public sealed record GetOpenLoans(Guid ReaderId) : IQuery<OpenLoans>;

/// <summary>The answer.</summary>
/// <param name="Count">How many.</param>
public sealed record OpenLoans(int Count);
