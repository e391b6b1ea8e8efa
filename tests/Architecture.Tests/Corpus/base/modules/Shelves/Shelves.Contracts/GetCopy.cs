using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Shelves.Contracts;

/// <summary>A copy of a book.</summary>
/// <param name="Id">The copy.</param>
public sealed record GetCopy(Guid Id) : IQuery<CopyView>;

/// <summary>The answer.</summary>
/// <param name="Id">The copy.</param>
/// <param name="Title">The book's title.</param>
public sealed record CopyView(Guid Id, string Title);
