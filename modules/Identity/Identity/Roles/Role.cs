using System.Text.RegularExpressions;
using JasperFx;

namespace ModularMonolith.Identity.Roles;

/// <summary>A set of permissions under a name, given to accounts and service accounts.</summary>
internal sealed partial class Role : IRevisioned
{
    /// <summary>The role whose holders may do everything, also what modules declare later.</summary>
    public const string Admin = "admin";

    /// <summary>The role of those who do the daily work of the shop.</summary>
    public const string Clerk = "clerk";

    /// <summary>The name: 2 to 40 lower-case letters, digits and hyphens.</summary>
    public required string Id { get; init; }

    public List<string> Permissions { get; set; } = [];

    public int Version { get; set; }

    /// <summary>Whether a text can be the name of a role.</summary>
    public static bool IsName(string name) => NamePattern().IsMatch(name);

    [GeneratedRegex("^[a-z][a-z0-9-]{1,39}\\z")]
    private static partial Regex NamePattern();
}
