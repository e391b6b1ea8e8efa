namespace ModularMonolith.Identity.Clients;

/// <summary>A client as those see it who manage clients.</summary>
/// <param name="Id">The client_id.</param>
/// <param name="Name">What people are told at the sign-in page.</param>
/// <param name="IsConfidential">Whether it has a secret.</param>
/// <param name="Grants">How it may ask for tokens.</param>
/// <param name="RedirectUris">Where browsers are sent back to.</param>
/// <param name="Scopes">What it may ask for beside permissions.</param>
/// <param name="Permissions">What it can do at most for those who use it; <c>*</c> stands for all.</param>
/// <param name="Roles">What it may do by itself.</param>
/// <param name="CreatedAt">When it was registered.</param>
internal sealed record ClientView(
    string Id, string Name, bool IsConfidential, IReadOnlyList<string> Grants, IReadOnlyList<string> RedirectUris, IReadOnlyList<string> Scopes, IReadOnlyList<string> Permissions,
    IReadOnlyList<string> Roles, DateTimeOffset CreatedAt)
{
    public static ClientView Of(Client client) =>
        new(client.Id, client.Name, client.IsConfidential, client.Grants, client.RedirectUris, client.Scopes, client.Permissions, client.Roles, client.CreatedAt);
}
