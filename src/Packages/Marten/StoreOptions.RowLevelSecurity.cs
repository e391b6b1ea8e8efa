using Marten.Storage;

namespace Marten;

public partial class StoreOptions
{
    /// <summary>The setting that names the tenant to the policies of all tables that tenants share; null when they have none.</summary>
    public string? RlsTenantSessionSetting => RowSecurity.Default;

    internal RowSecurity RowSecurity { get; } = new();

    /// <summary>
    /// Lets PostgreSQL itself keep the rows of tenants apart, in all document tables that tenants share. It holds for every role
    /// but superusers and those with BYPASSRLS, so the application must use another.
    /// </summary>
    /// <param name="settingName">The setting that names the tenant, for each transaction: two words with a dot between.</param>
    /// <exception cref="ArgumentException">The name cannot be that of a setting.</exception>
    public void UseRowLevelSecurity(string settingName = "app.tenant_id") => RowSecurity.Enable(settingName);
}
