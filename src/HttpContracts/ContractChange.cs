namespace ModularMonolith.HttpContracts;

/// <summary>One difference between two versions of a contract.</summary>
/// <param name="Kind">The rule, in words with hyphens: <c>request-property-removed</c>.</param>
/// <param name="Operation">Method and path: <c>GET /api/catalog/products</c>.</param>
/// <param name="Place">A JSON Pointer below the operation, as the document is read from the outside: <c>/responses/200/content/application~1json/schema/properties/title</c>.</param>
/// <param name="IsBreaking">Whether a client that was written for the version before can fail with the one after.</param>
/// <param name="Reason">A sentence: what changed, and what it means for clients.</param>
public sealed record ContractChange(string Kind, string Operation, string Place, bool IsBreaking, string Reason)
{
    /// <summary>What stays the same when the sentence is worded anew.</summary>
    public string Key => $"`{Kind}` `{Operation}` `{Place}`";

    /// <summary>A line for people.</summary>
    /// <returns>The class, the place and the sentence.</returns>
    public override string ToString() => $"{(IsBreaking ? "breaking" : "compatible")}: {Operation} {Place}: {Reason}";
}
