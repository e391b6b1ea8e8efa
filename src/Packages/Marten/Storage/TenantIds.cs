namespace Marten.Storage;

/// <summary>Names of tenants with a meaning.</summary>
internal static class TenantIds
{
    /// <summary>The tenant of everything that belongs to no other.</summary>
    public const string Default = "*DEFAULT*";
}
