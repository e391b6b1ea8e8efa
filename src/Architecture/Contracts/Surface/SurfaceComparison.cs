namespace ModularMonolith.Architecture.Contracts.Surface;

/// <summary>Compares two versions of a public surface.</summary>
internal sealed class SurfaceComparison
{
    private const string EventName = "[EventName(";

    private readonly Dictionary<string, SurfaceType> _before;
    private readonly Dictionary<string, SurfaceType> _after;
    private readonly Directions _directionsBefore;
    private readonly Directions _directionsAfter;
    private readonly List<ContractDifference> _found = [];

    private SurfaceComparison(IReadOnlyList<SurfaceType> before, IReadOnlyList<SurfaceType> after)
    {
        _before = before.ToDictionary(static type => type.Name, StringComparer.Ordinal);
        _after = after.ToDictionary(static type => type.Name, StringComparer.Ordinal);
        _directionsBefore = new Directions(before);
        _directionsAfter = new Directions(after);
    }

    /// <summary>Compares.</summary>
    public static IReadOnlyList<ContractDifference> Compare(IReadOnlyList<SurfaceType> before, IReadOnlyList<SurfaceType> after)
    {
        var comparison = new SurfaceComparison(before, after);
        comparison.Types();
        return comparison._found;
    }

    private void Types()
    {
        foreach (var (name, type) in _before)
        {
            if (_after.TryGetValue(name, out var still))
            {
                Type(type, still);
            }
            else
            {
                Add(IsUpcaster(type) ? "upcaster-changed" : "type-removed", name);
            }
        }

        foreach (var (name, type) in _after.Where(pair => !_before.ContainsKey(pair.Key)))
        {
            Add(IsUpcaster(type) ? "upcaster-changed" : "type-added", name);
        }
    }

    private void Type(SurfaceType before, SurfaceType after)
    {
        if (IsUpcaster(before) && IsUpcaster(after))
        {
            if (!before.Members.SequenceEqual(after.Members) || !before.Bases.SequenceEqual(after.Bases))
            {
                Add("upcaster-changed", after.Name);
            }

            return;
        }

        if (before.Kind != after.Kind)
        {
            Add("type-kind-changed", after.Name, before: before.Kind, after: after.Kind);
        }

        if (before.Modifiers != after.Modifiers)
        {
            Add(after.Modifiers is "" or "readonly" ? "type-opened" : "type-closed", after.Name, before: before.Modifiers, after: after.Modifiers);
        }

        if (before.Constraints != after.Constraints)
        {
            Add(Demands(after).IsSubsetOf(Demands(before)) ? "type-opened" : "type-closed", after.Name, before: Said(before), after: Said(after));
        }

        Attributes(before, after);
        Bases(before, after);
        if (after.Kind == "enum")
        {
            Values(before, after);
            return;
        }

        Data(before, after);
        Code(before, after);
    }

    private void Attributes(SurfaceType before, SurfaceType after)
    {
        foreach (var attribute in before.Attributes.Except(after.Attributes).Concat(after.Attributes.Except(before.Attributes)).Select(static text => text.Split('(', ']')[0]).Distinct(StringComparer.Ordinal))
        {
            Add(attribute + "(" == EventName ? "event-name-changed" : "attribute-changed", after.Name, before: One(before), after: One(after));

            string One(SurfaceType type) => string.Join(' ', type.Attributes.Where(text => text.Split('(', ']')[0] == attribute));
        }
    }

    private static string Said(SurfaceType type) => type.Constraints.Length > 0 ? "where " + type.Constraints : "without constraints";

    // Each constraint with the parameter that it is about.
    private static HashSet<string> Demands(SurfaceType type) => type.Constraints.Split(" where ", StringSplitOptions.RemoveEmptyEntries).Select(static text => Scan.SplitAt(text, " : "))
        .SelectMany(static pair => Scan.List(pair.Behind ?? string.Empty).Select(constraint => pair.Before + " : " + constraint)).ToHashSet(StringComparer.Ordinal);

    private void Bases(SurfaceType before, SurfaceType after)
    {
        var removed = before.Bases.Except(after.Bases).ToList();
        var added = after.Bases.Except(before.Bases).ToList();
        if (removed.Find(Directions.IsRequest) is { } request && added.Find(Directions.IsRequest) is { } other && request.Split('<')[0] == other.Split('<')[0])
        {
            var (was, answer) = (Directions.ResponseOf(before) ?? "nothing", Directions.ResponseOf(after) ?? "nothing");
            Add(was + "?" == answer ? "response-nullable" : was == answer + "?" ? "response-not-nullable" : "response-changed", after.Name, before: was, after: answer);
            removed.Remove(request);
            added.Remove(other);
        }

        removed.ForEach(found => Add("interface-removed", after.Name, before: found));
        added.ForEach(found => Add("interface-added", after.Name, after: found));
    }

    private void Values(SurfaceType before, SurfaceType after)
    {
        var now = after.Members.ToDictionary(static member => member.Key, StringComparer.Ordinal);
        foreach (var value in before.Members)
        {
            if (!now.TryGetValue(value.Key, out var still))
            {
                Add("value-removed", after.Name, value.Key, value.Key);
            }
            else if (still.Value != value.Value)
            {
                Add("value-renumbered", after.Name, value.Key, value.Value!, still.Value!);
            }
        }

        foreach (var value in after.Members.Where(value => before.Members.All(known => known.Key != value.Key)))
        {
            AddByDirection("value-added", after.Name, value.Key, after: value.Key);
        }
    }

    private void Data(SurfaceType before, SurfaceType after)
    {
        var old = before.Data.ToDictionary(static part => part.Name, StringComparer.Ordinal);
        var now = after.Data.ToDictionary(static part => part.Name, StringComparer.Ordinal);
        var removed = old.Values.Where(part => !now.ContainsKey(part.Name)).ToList();
        var added = now.Values.Where(part => !old.ContainsKey(part.Name)).ToList();
        if (removed is [var gone] && added is [var come] && gone.Type == come.Type && gone.Default == come.Default)
        {
            AddByDirection("member-renamed", after.Name, gone.Name, gone.Name, come.Name);
        }
        else
        {
            removed.ForEach(part => AddByDirection("member-removed", after.Name, part.Name, part.Name));
            added.ForEach(part => AddByDirection(part.Default is null ? "member-required" : "member-added", after.Name, part.Name, after: part.Name));
        }

        foreach (var part in old.Values.Where(part => now.ContainsKey(part.Name)))
        {
            Part(after.Name, part, now[part.Name]);
        }

        // A member that was put in between is judged as a new one, unless it moves others that are given by position.
        var positions = (before.Parameters ?? []).Select(static part => part.Name).ToList();
        var moved = (after.Parameters ?? []).Select(static part => part.Name).ToList();
        var common = moved.Where(positions.Contains).ToList();
        var hasMoved = !positions.Where(moved.Contains).SequenceEqual(common) || (removed.Count == 0 && !moved.Take(positions.Count).SequenceEqual(positions.Where(moved.Contains)));
        if (hasMoved && added.TrueForAll(static part => part.Default is not null))
        {
            AddByDirection("members-reordered", after.Name, string.Empty, string.Join(", ", positions), string.Join(", ", moved));
        }
    }

    private void Part(string type, SurfaceParameter before, SurfaceParameter after)
    {
        if (before.BareType != after.BareType)
        {
            AddByDirection("member-retyped", type, after.Name, before.Type, after.Type);
            return;
        }

        if (before.IsNullable != after.IsNullable)
        {
            AddByDirection(after.IsNullable ? "member-nullable" : "member-not-nullable", type, after.Name, before.Type, after.Type);
        }

        switch (before.Default, after.Default)
        {
            case (null, not null):
                AddByDirection("default-added", type, after.Name, after: after.Default);
                break;
            case (not null, null):
                AddByDirection("member-required", type, after.Name, after: after.Name);
                break;
            case var _ when before.Default != after.Default:
                AddByDirection("default-changed", type, after.Name, before.Default!, after.Default!);
                break;
            default:
                break;
        }
    }

    private void Code(SurfaceType before, SurfaceType after)
    {
        var now = after.Code.ToLookup(static member => member.Key, StringComparer.Ordinal);
        foreach (var member in before.Code)
        {
            if (!now[member.Key].Any())
            {
                Add("member-removed", after.Name, member.Key);
            }
            else if (now[member.Key].All(still => still.Text != member.Text))
            {
                var still = now[member.Key].First();
                Add(member.Value is not null && still.Value is not null ? "constant-changed" : "member-changed", after.Name, member.Key, member.Value ?? member.Text, still.Value ?? still.Text);
            }
        }

        foreach (var member in after.Code.Where(member => before.Code.All(known => known.Key != member.Key)))
        {
            Add(after.Kind == "interface" ? "interface-member-added" : "member-added", after.Name, member.Key);
        }
    }

    private void AddByDirection(string change, string type, string place, string before = "", string after = "")
    {
        var kinds = new (Direction Direction, string Name)[] { (Direction.Request, "request"), (Direction.Answer, "answer"), (Direction.Event, "event") };
        var directions = _directionsBefore.Of(type) | (_before.ContainsKey(type) ? Direction.None : _directionsAfter.Of(type));
        var worst = kinds.Where(kind => directions.HasFlag(kind.Direction)).Select(kind => DifferenceKinds.Of($"{kind.Name}-{change}")).MaxBy(static kind => kind.Impact)!;
        var difference = worst.Between(type, place, before, after);
        var events = _directionsBefore.EventsOnly(type);
        if (difference.IsBreaking && events.Count > 0 && events.All(IsNewVersion))
        {
            difference = difference with { Impact = ContractImpact.Compatible, Reason = "A new version of the event says so. Before: " + difference.Reason };
        }

        _found.Add(difference);
    }

    private void Add(string kind, string type, string place = "", string before = "", string after = "") => _found.Add(DifferenceKinds.Of(kind).Between(type, place, before, after));

    private bool IsNewVersion(string name) => _after.TryGetValue(name, out var after) && Version(after) > Version(_before[name]);

    private static int Version(SurfaceType type) =>
        type.Attributes.FirstOrDefault(static text => text.StartsWith(EventName, StringComparison.Ordinal)) is { } attribute && attribute.Split("Version = ") is [_, var text] && int.TryParse(text.TrimEnd(')', ']'), out var version) ? version : 1;

    private static bool IsUpcaster(SurfaceType type) => type.Bases.Any(static found => found.StartsWith("IEventUpcaster<", StringComparison.Ordinal));
}
