using System.Text.Json.Nodes;

namespace ModularMonolith.HttpContracts;

/// <summary>
/// Compares two versions of a contract and says of each difference whether a client of the version before can fail with the one after. Such a client may be generated: it has the names of
/// operations and schemas in its code, reads only what was promised, and sends what was accepted.
/// </summary>
public static class ContractComparison
{
    /// <summary>Compares.</summary>
    /// <param name="before">The version that clients know.</param>
    /// <param name="after">The version that they will meet.</param>
    /// <returns>The differences, by operation and place; none when the two mean the same.</returns>
    public static IReadOnlyList<ContractChange> Compare(JsonObject before, JsonObject after)
    {
        var old = ContractDocument.Operations(before).ToDictionary(static operation => Name(operation.Method, operation.Path), static operation => operation.Operation);
        var current = ContractDocument.Operations(after).ToDictionary(static operation => Name(operation.Method, operation.Path), static operation => operation.Operation);
        var changes = new List<ContractChange>();
        foreach (var (name, operation) in old)
        {
            if (current.TryGetValue(name, out var still))
            {
                new OperationComparison(before, after, name, changes).Compare(operation, still);
            }
            else
            {
                changes.Add(new ContractChange("operation-removed", name, string.Empty, true, "The operation is gone. Announce its end, and keep it until then."));
            }
        }

        foreach (var name in current.Keys.Where(name => !old.ContainsKey(name)))
        {
            changes.Add(new ContractChange("operation-added", name, string.Empty, false, "The operation is new."));
        }

        if (changes.Count == 0 && !JsonNode.DeepEquals(before, after))
        {
            changes.Add(new ContractChange("text-changed", "all", string.Empty, false, "Texts, examples or bounds of answers have changed, and nothing that clients rely on."));
        }

        return [.. changes.Distinct().OrderBy(static change => change.Operation, StringComparer.Ordinal).ThenBy(static change => change.Place, StringComparer.Ordinal)];
    }

    private static string Name(string method, string path) => $"{method.ToUpperInvariant()} {path}";
}
