namespace ModularMonolith.Platform.Http;

/// <summary>Why one item of a bulk operation was refused: the members that a problem document (RFC 9457) has for a request.</summary>
/// <param name="Type">The kind of problem, <c>/problems/{name}</c>.</param>
/// <param name="Title">A short sentence that is the same every time.</param>
/// <param name="Status">The status that the item alone would have been answered with.</param>
/// <param name="Detail">What happened, and what to do.</param>
public sealed record ItemProblem(string Type, string Title, int Status, string Detail);

/// <summary>What became of one item.</summary>
/// <typeparam name="T">What the operation answers for an item that was done.</typeparam>
/// <param name="Index">Its place in the request, from 0.</param>
/// <param name="Result">The answer; null when it was refused.</param>
/// <param name="Problem">The refusal; null when it was done.</param>
public sealed record BulkItem<T>(int Index, T? Result, ItemProblem? Problem)
    where T : class;

/// <summary>The answer of a bulk operation: each item by itself, in the order of the request. What is refused does not hold up the others.</summary>
/// <typeparam name="T">What the operation answers for an item that was done.</typeparam>
/// <param name="Done">How many items were done.</param>
/// <param name="Refused">How many were not.</param>
/// <param name="Items">All of them.</param>
public sealed record BulkAnswer<T>(int Done, int Refused, IReadOnlyList<BulkItem<T>> Items)
    where T : class;

/// <summary>Bulk operations.</summary>
public static class Bulk
{
    /// <summary>
    /// Does the items one after the other in the transaction of the command, so that the answer, and with it a repetition under the same idempotency key, is for all of them. What an item
    /// refuses with a <see cref="ProblemException"/> must be decided before it changes anything.
    /// </summary>
    /// <typeparam name="T">What is answered for an item that was done.</typeparam>
    /// <typeparam name="TItem">An item of the request, well-formed: what is malformed refuses the whole request.</typeparam>
    /// <param name="items">The items.</param>
    /// <param name="handle">Does one.</param>
    /// <returns>The answer.</returns>
    public static BulkAnswer<T> Answer<TItem, T>(IReadOnlyList<TItem> items, Func<TItem, T> handle)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(handle);
        var answers = items.Select((item, index) =>
        {
            try
            {
                return new BulkItem<T>(index, handle(item), null);
            }
            catch (ProblemException refused)
            {
                return new BulkItem<T>(index, null, new ItemProblem(refused.Type.Uri, refused.Type.Title, refused.Type.Status, refused.Message));
            }
        }).ToList();
        return new BulkAnswer<T>(answers.Count(static answer => answer.Problem is null), answers.Count(static answer => answer.Problem is not null), answers);
    }
}
