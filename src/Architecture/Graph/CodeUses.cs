using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ModularMonolith.Architecture.Graph;

/// <summary>
/// The members of an assembly by what their code uses. The same few things are used again and again, so whoever looks for the users of one asks here, and not each use.
/// </summary>
internal sealed class CodeUses
{
    private readonly List<(TypeFacts Type, MemberFacts Member)> _members = [];
    private readonly Dictionary<Key, List<int>> _users = [];
    private readonly List<int> _withTexts = [];

    /// <summary>Looks at an assembly.</summary>
    public CodeUses(AssemblyFacts assembly)
    {
        foreach (var type in assembly.Types)
        {
            foreach (var member in type.Members)
            {
                Add(type, member);
            }
        }
    }

    /// <summary>How many members the assembly has.</summary>
    public int Members { get; private set; }

    /// <summary>The members that use something, in their order.</summary>
    /// <param name="isMeant">Whether it is what is looked for, by the type and its member; the member is null where only the type is named.</param>
    public IEnumerable<(TypeFacts Type, MemberFacts Member)> Users(Func<TypeName, string?, bool> isMeant)
    {
        List<int>? found = null;
        foreach (var (key, users) in _users)
        {
            if (isMeant(key.Target, key.Member))
            {
                (found ??= []).AddRange(users);
            }
        }

        return found is null ? [] : found.Distinct().Order().Select(user => _members[user]);
    }

    /// <summary>The members that give texts to what they call.</summary>
    public IEnumerable<MemberFacts> WithTexts => _withTexts.Select(user => _members[user].Member);

    private void Add(TypeFacts type, MemberFacts member)
    {
        Members++;
        var uses = member.Uses;
        if (uses.Count == 0)
        {
            return;
        }

        var at = _members.Count;
        _members.Add((type, member));
        var hasTexts = false;
        for (var i = 0; i < uses.Count; i++)
        {
            var use = uses[i];
            hasTexts |= use.Texts.Count > 0;
            ref var users = ref CollectionsMarshal.GetValueRefOrAddDefault(_users, new Key(use.Target, use.Member), out _);
            users ??= new List<int>(1);
            if (users.Count == 0 || users[^1] != at)
            {
                users.Add(at);
            }
        }

        if (hasTexts)
        {
            _withTexts.Add(at);
        }
    }

    // Readers make each name once, so that the object tells as much as what is in it; what is the same in two objects has two entries.
    private readonly struct Key(TypeName target, string? member) : IEquatable<Key>
    {
        public TypeName Target => target;

        public string? Member => member;

        public bool Equals(Key other) => ReferenceEquals(target, other.Target) && ReferenceEquals(member, other.Member);

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode() => (RuntimeHelpers.GetHashCode(target) * 397) ^ RuntimeHelpers.GetHashCode(member);
    }
}
