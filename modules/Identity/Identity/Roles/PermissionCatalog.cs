using System.Collections.Frozen;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.Roles;

/// <summary>A permission that can be given.</summary>
/// <param name="Name"><c>module:action</c>.</param>
/// <param name="Description">What its holder can do.</param>
internal sealed record DeclaredPermission(string Name, string Description);

/// <summary>What can be permitted in this host, and the roles that exist without anybody having made them.</summary>
internal sealed class PermissionCatalog
{
    private static readonly FrozenSet<string> ClerkWrites = ["ordering:manage", "inventory:write", "shipping:fulfil", "returns:manage"];

    private readonly FrozenDictionary<string, FrozenSet<string>> _builtIn;

    public PermissionCatalog(ModuleCatalog modules)
    {
        All =
        [
            .. modules.Modules.SelectMany(static module => module.Permissions).Concat(Permissions.OfPlatform)
                .Select(static permission => new DeclaredPermission(permission.Name, permission.Description))
                .OrderBy(static permission => permission.Name, StringComparer.Ordinal),
        ];
        Names = All.Select(static permission => permission.Name).ToFrozenSet(StringComparer.Ordinal);
        _builtIn = new Dictionary<string, FrozenSet<string>>(StringComparer.Ordinal)
        {
            [Role.Admin] = Names,
            // What the platform shows is for operators: payloads of events, and who did what.
            [Role.Clerk] = Names.Except(Permissions.OfPlatform.Select(static permission => permission.Name))
                .Where(static name => name.EndsWith(":read", StringComparison.Ordinal) || ClerkWrites.Contains(name)).ToFrozenSet(StringComparer.Ordinal),
        }.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>All permissions, by name.</summary>
    public IReadOnlyList<DeclaredPermission> All { get; }

    public FrozenSet<string> Names { get; }

    /// <summary>The built-in roles, by name.</summary>
    public IReadOnlyDictionary<string, FrozenSet<string>> BuiltIn => _builtIn;
}
