namespace ModularMonolith.EndToEnd.Tests.Tours;

/// <summary>An account from its registration to its end, and what an admin may do about accounts, roles, keys and clients.</summary>
internal static class AccountsTour
{
    public static async Task AccountsAsync(this Tour tour)
    {
        const string password = "seven quiet harbours";
        using var anonymous = tour.Callers.Anonymous();
        var registration = await tour.ActAsync(anonymous, "POST /api/identity/accounts", new { email = $"{Guid.NewGuid():N}@example.com", password });
        await tour.ActAsync(anonymous, "POST /api/identity/accounts/registrations/{id}/resend", null, registration["registrationId"]);
        await tour.ActAsync(anonymous, "POST /api/identity/guest-sessions");
        await tour.ActAsync(anonymous, "POST /api/identity/passkeys/options");
        var (id, email) = await tour.Callers.RegisterAsync();
        await tour.ActAsync(anonymous, "POST /api/identity/password-resets", new { email });
        var first = Tour.Bearer(await tour.ActAsync(anonymous, "POST /api/identity/sign-in", new { email, password }));
        var second = Tour.Bearer((await anonymous.PostAsync("/api/identity/sign-in", new { email, password })).Expect(200));
        await tour.ActAsync(anonymous, "POST /api/identity/account/passkeys/options", new { password }, "", first);
        await tour.ActAsync(anonymous, "POST /api/identity/account/authenticator", new { password }, "", first);
        await tour.ActAsync(anonymous, "POST /api/identity/account/email", new { newEmail = $"{Guid.NewGuid():N}@example.com", password }, "", first);
        await tour.ActAsync(anonymous, "POST /api/identity/sign-out", null, "", second);
        _ = Tour.Bearer((await anonymous.PostAsync("/api/identity/sign-in", new { email, password })).Expect(200));
        var sessions = (await anonymous.GetAsync("/api/identity/account/sessions", first)).Expect(200).Json;
        var other = sessions["items"]!.AsArray().Single(session => !(bool)session!["isCurrent"]!)!;
        await tour.ActAsync(anonymous, "DELETE /api/identity/account/sessions/{id}", null, (string)other["id"]!, first);
        await tour.ActAsync(anonymous, "POST /api/identity/account/sessions/revoke-others", null, "", first);
        await tour.ActAsync(anonymous, "POST /api/identity/account/password", new { currentPassword = password, newPassword = "eight loud lighthouses" }, "", first);

        var role = "toured-" + Guid.NewGuid().ToString("N")[..8];
        var made = await tour.ActAsync("POST /api/identity/roles", new { name = role, permissions = new[] { "log:read" } });
        var changed = await tour.ActAsync("PUT /api/identity/roles/{name}", new { permissions = new[] { "log:manage" } }, role, ("If-Match", made.Header("ETag")));
        await tour.ActAsync("PUT /api/identity/accounts/{id}/roles/{role}", null, $"{id},{role}");
        await tour.ActAsync("DELETE /api/identity/accounts/{id}/roles/{role}", null, $"{id},{role}");
        await tour.ActAsync("DELETE /api/identity/roles/{name}", null, role, ("If-Match", changed.Header("ETag")));
        var key = await tour.ActAsync("POST /api/identity/api-keys", new { name = "Toured", permissions = new[] { "log:read" }, days = 1 });
        await tour.ActAsync("DELETE /api/identity/api-keys/{id}", null, (string)key.Json["key"]!["id"]!);
        var client = (await tour.ActAsync("POST /api/identity/clients", new { name = "Toured", isConfidential = true, grants = new[] { "client_credentials" } })).Json["client"]!["id"]!.ToString();
        await tour.ActAsync("POST /api/identity/clients/{id}/secret", null, client);
        await tour.ActAsync("DELETE /api/identity/clients/{id}", null, client);
        await tour.ActAsync(anonymous, "POST /api/identity/account/delete", new { password = "eight loud lighthouses" }, "", first);
    }
}
