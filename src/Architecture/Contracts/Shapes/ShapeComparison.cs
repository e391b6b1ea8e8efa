namespace ModularMonolith.Architecture.Contracts.Shapes;

/// <summary>What the comparison of events has to know of the repository.</summary>
/// <param name="HasPayload">Whether the payload of a version of an integration event is kept, by stored name and version.</param>
/// <param name="IsRetired">Whether the list of retired events has a line about a stored name.</param>
internal sealed record KeptPayloads(Func<string, int, bool> HasPayload, Func<string, bool> IsRetired);

/// <summary>Compares two versions of the JSON of a module's events: what was written by the one before must be readable by the one after, and handlers must find in it what they found.</summary>
internal sealed class ShapeComparison
{
    private readonly ShapeFile _before;
    private readonly ShapeFile _after;
    private readonly KeptPayloads _payloads;
    private readonly string _prefix;
    private readonly List<ContractDifference> _found = [];

    private ShapeComparison(ShapeFile before, ShapeFile after, KeptPayloads payloads, bool isStored)
    {
        (_before, _after, _payloads, _prefix) = (before, after, payloads, isStored ? "stored-" : "payload-");
    }

    /// <summary>Compares the integration events.</summary>
    public static IReadOnlyList<ContractDifference> Published(ShapeFile before, ShapeFile after, KeptPayloads payloads) => new ShapeComparison(before, after, payloads, isStored: false).Events();

    /// <summary>Compares the events of streams.</summary>
    public static IReadOnlyList<ContractDifference> Stored(ShapeFile before, ShapeFile after, KeptPayloads payloads) => new ShapeComparison(before, after, payloads, isStored: true).Events();

    private List<ContractDifference> Events()
    {
        var added = _after.Events.Where(pair => !_before.Events.ContainsKey(pair.Key)).ToDictionary(StringComparer.Ordinal);
        foreach (var (name, shape) in _before.Events)
        {
            if (_after.Events.TryGetValue(name, out var still))
            {
                Event(name, shape, still);
            }
            else if (added.FirstOrDefault(pair => pair.Value.Type == shape.Type) is { Key: { } other })
            {
                added.Remove(other);
                Add("renamed", name, string.Empty, name, other);
            }
            else
            {
                Add(_prefix == "stored-" && _payloads.IsRetired(name) ? "retired" : "removed", name);
            }
        }

        foreach (var name in added.Keys)
        {
            Add("added", name);
        }

        return _found;
    }

    private void Event(string name, EventShape before, EventShape after)
    {
        var start = _found.Count;
        Members(name, string.Empty, before.Members, after.Members, []);
        if (before.Version is not { } old || after.Version is not { } current)
        {
            return;
        }

        if (before.Key != after.Key)
        {
            Add("key-changed", name, string.Empty, before.Key ?? string.Empty, after.Key ?? string.Empty);
        }

        foreach (var version in before.Upcasts.Except(after.Upcasts))
        {
            Add("upcaster-removed", name, string.Empty, $"{version}");
        }

        if (old == current)
        {
            foreach (var version in after.Upcasts.Except(before.Upcasts))
            {
                Add("upcaster-added", name, string.Empty, after: $"{version}");
            }

            return;
        }

        var missing = current < old ? null : Missing(name, old, current, after.Upcasts);
        var raised = DifferenceKinds.Of(current < old ? "payload-version-lowered" : missing is null ? "payload-version-raised" : "payload-version-unreadable").Between(name, string.Empty, $"{old}", $"{current}");
        if (raised.IsBreaking)
        {
            _found.Add(raised with { Reason = raised.Reason.Replace("{missing}", missing, StringComparison.Ordinal) });
            return;
        }

        for (var index = start; index < _found.Count; index++)
        {
            // Handlers get old payloads lifted; the order of keys is no question of versions.
            if (_found[index] is { IsBreaking: true } difference && difference.Kind.StartsWith("payload-", StringComparison.Ordinal) && difference.Kind is not ("payload-key-changed" or "payload-upcaster-removed"))
            {
                _found[index] = difference with { Impact = ContractImpact.Compatible, Reason = $"Version {current} says so, and version {old} is lifted. Without it: {difference.Reason}" };
            }
        }

        _found.Add(raised);
    }

    private string? Missing(string name, int old, int current, IReadOnlyList<int> upcasts) =>
        Enumerable.Range(old, current - old).Where(version => !upcasts.Contains(version)).Cast<int?>().FirstOrDefault() is { } upcaster ? $"no upcaster lifts version {upcaster}"
        : Enumerable.Range(1, current).Where(version => !_payloads.HasPayload(name, version)).Cast<int?>().FirstOrDefault() is { } payload ? $"no payload of version {payload} is kept"
        : null;

    private void Members(string name, string path, IReadOnlyDictionary<string, MemberShape> before, IReadOnlyDictionary<string, MemberShape> after, HashSet<(string, string)> visited)
    {
        // What a stream holds of a computed member is not read: nothing is lost with it.
        var removed = before.Where(pair => !after.ContainsKey(pair.Key) && !(_prefix == "stored-" && pair.Value.IsComputed)).ToList();
        var added = after.Where(pair => !before.ContainsKey(pair.Key)).ToList();
        if (removed is [var gone] && added is [var come] && gone.Value == come.Value)
        {
            Add("member-renamed", name, $"{path}/{gone.Key}", gone.Key, come.Key);
        }
        else
        {
            removed.ForEach(pair => Add("member-removed", name, $"{path}/{pair.Key}"));
            added.ForEach(pair => Add(pair.Value.MustBeThere ? "member-required" : "member-added", name, $"{path}/{pair.Key}"));
        }

        foreach (var (key, old) in before.Where(pair => after.ContainsKey(pair.Key)))
        {
            Member(name, $"{path}/{key}", old, after[key], visited);
        }
    }

    private void Member(string name, string path, MemberShape before, MemberShape after, HashSet<(string, string)> visited)
    {
        if (!Type(name, path, before.Type, after.Type, visited))
        {
            return;
        }

        if (before.IsNullable != after.IsNullable)
        {
            Add(after.IsNullable ? "member-nullable" : "member-not-nullable", name, path);
        }
        else if (after.MustBeThere && !before.MustBeThere)
        {
            Add("member-required", name, path);
        }
        else if (before.MustBeThere && !after.MustBeThere)
        {
            Add("default-added", name, path);
        }
        else if (before.Default != after.Default)
        {
            Add("default-changed", name, path, before.Default ?? "null", after.Default ?? "null");
        }
    }

    // False when the two are nothing of the same kind, so that there is no more to say.
    private bool Type(string name, string path, string before, string after, HashSet<(string, string)> visited)
    {
        if (before.EndsWith("[]", StringComparison.Ordinal) && after.EndsWith("[]", StringComparison.Ordinal))
        {
            Part(name, path + "[]", before[..^2], after[..^2], visited);
        }
        else if (Map(before) is var (keyBefore, valueBefore) && Map(after) is var (keyAfter, valueAfter))
        {
            Type(name, path + "{key}", keyBefore, keyAfter, visited);
            Part(name, path + "{}", valueBefore, valueAfter, visited);
        }
        else if (_before.Types.TryGetValue(before, out var old) && _after.Types.TryGetValue(after, out var current) && (old.Members is null) == (current.Members is null))
        {
            Named(name, path, (before, after), old, current, visited);
        }
        else if (before != after)
        {
            Add(Numbers.IsWider(before, after) ? "member-widened" : "member-retyped", name, path, before, after);
            return false;
        }

        return true;
    }

    private void Named(string name, string path, (string, string) pair, TypeShape before, TypeShape after, HashSet<(string, string)> visited)
    {
        // A type may hold itself.
        if (!visited.Add(pair))
        {
            return;
        }

        if (before.Members is not null)
        {
            Members(name, path, before.Members, after.Members!, visited);
            Kinds(name, path, before.Kinds, after.Kinds, visited);
        }
        else
        {
            Values(name, path, before.Values!, after.Values!);
        }

        visited.Remove(pair);
    }

    private void Kinds(string name, string path, KindsShape? before, KindsShape? after, HashSet<(string, string)> visited)
    {
        var old = before?.Types ?? new Dictionary<string, string>();
        var current = after?.Types ?? new Dictionary<string, string>();
        if (before is not null && after is not null && before.Member != after.Member)
        {
            Add("member-renamed", name, $"{path}/{before.Member}", before.Member, after.Member);
        }

        Values(name, $"{path}/{(after ?? before)?.Member}", [.. old.Keys], [.. current.Keys]);
        foreach (var (kind, type) in old.Where(pair => current.ContainsKey(pair.Key)))
        {
            Type(name, $"{path}({kind})", type, current[kind], visited);
        }
    }

    private void Part(string name, string path, string before, string after, HashSet<(string, string)> visited)
    {
        Type(name, path, before.TrimEnd('?'), after.TrimEnd('?'), visited);
        if (before.EndsWith('?') != after.EndsWith('?'))
        {
            Add(after.EndsWith('?') ? "member-nullable" : "member-not-nullable", name, path);
        }
    }

    private void Values(string name, string path, IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        foreach (var value in before.Except(after))
        {
            Add("value-removed", name, path, before: value);
        }

        foreach (var value in after.Except(before))
        {
            Add("value-added", name, path, after: value);
        }
    }

    private static (string Key, string Value)? Map(string text) =>
        text.StartsWith("map<", StringComparison.Ordinal) && text.IndexOf(", ", StringComparison.Ordinal) is > 0 and var comma ? (text[4..comma], text[(comma + 2)..^1]) : null;

    private void Add(string change, string name, string place = "", string before = "", string after = "") => _found.Add(DifferenceKinds.Of(_prefix + change).Between(name, place, before, after));
}
