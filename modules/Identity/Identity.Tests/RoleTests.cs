using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Identity.Roles;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Identity.Tests;

public sealed class RoleTests(IdentityHost identity) : IClassFixture<IdentityHost>
{
    private static readonly string[] Everything = ["audit:read", "identity:manage", "log:manage", "log:read"];

    private static readonly System.Net.Http.Headers.AuthenticationHeaderValue Admin = TestCredentials.Of("00000000-0000-7000-8000-000000000001", Everything);
    private static readonly System.Net.Http.Headers.AuthenticationHeaderValue Limited = TestCredentials.Of("00000000-0000-7000-8000-000000000002", "identity:manage", "log:read");

    [Fact]
    public async Task Permissions_come_through_roles()
    {
        var (person, name) = (await identity.PersonAsync(), NewName());
        (await identity.PostAsync("/roles", new { name, permissions = new[] { "log:read" } }, Admin)).Expect(HttpStatusCode.Created);
        Assert.Empty(await PermissionsAsync(person.Id));

        (await identity.SendAsync(HttpMethod.Put, $"/accounts/{person.Id}/roles/{name}", null, Admin)).Expect(HttpStatusCode.OK);
        Assert.Equal(["log:read"], await PermissionsAsync(person.Id));

        (await identity.SendAsync(HttpMethod.Delete, $"/accounts/{person.Id}/roles/{name}", null, Admin)).Expect(HttpStatusCode.OK);
        Assert.Empty(await PermissionsAsync(person.Id));
    }

    [Fact]
    public async Task The_roles_of_the_product_have_what_they_are_for()
    {
        var roles = (await identity.GetAsync("/roles", Admin)).Expect(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray()
            .Where(static role => role.GetProperty("isBuiltIn").GetBoolean())
            .ToDictionary(static role => role.GetProperty("name").GetString()!, static role => role.GetProperty("permissions").EnumerateArray().Select(static name => name.GetString()!).ToArray());

        Assert.Equal(Everything, roles["admin"]);
        // Identity is alone in this host, and what the platform shows is not for the shop.
        Assert.Empty(roles["clerk"]);
        var permissions = (await identity.GetAsync("/permissions", Admin)).Json.GetProperty("items").EnumerateArray().Select(static permission => permission.GetProperty("name").GetString());
        Assert.Equal(Everything, permissions);
    }

    [Fact]
    public async Task Nobody_gives_or_takes_what_they_do_not_hold()
    {
        var (person, name) = (await identity.PersonAsync(), NewName());
        (await identity.PostAsync("/roles", new { name, permissions = Everything }, Limited)).Problem(HttpStatusCode.Forbidden, "forbidden");
        var created = (await identity.PostAsync("/roles", new { name, permissions = new[] { "log:read" } }, Limited)).Expect(HttpStatusCode.Created);

        (await identity.SendAsync(HttpMethod.Put, $"/roles/{name}", new { permissions = Everything }, Limited, created.ETag)).Problem(HttpStatusCode.Forbidden, "forbidden");
        (await identity.SendAsync(HttpMethod.Put, $"/accounts/{person.Id}/roles/admin", null, Limited)).Problem(HttpStatusCode.Forbidden, "forbidden");
        (await identity.SendAsync(HttpMethod.Put, $"/accounts/{person.Id}/roles/admin", null, person.Caller)).Problem(HttpStatusCode.Forbidden, "forbidden");
        (await identity.SendAsync(HttpMethod.Put, $"/roles/{name}", new { permissions = Everything }, Admin, created.ETag)).Expect(HttpStatusCode.OK);
        (await identity.SendAsync(HttpMethod.Put, $"/accounts/{person.Id}/roles/{name}", null, Limited)).Problem(HttpStatusCode.Forbidden, "forbidden");
        Assert.Empty(await PermissionsAsync(person.Id));
    }

    [Fact]
    public async Task The_last_admin_stays()
    {
        await using var host = new DisposableHost();
        var own = await host.StartAsync();
        var (first, second) = (await own.PersonAsync(), await own.PersonAsync());
        foreach (var person in new[] { first, second })
        {
            (await own.SendAsync(HttpMethod.Put, $"/accounts/{person.Id}/roles/admin", null, Admin)).Expect(HttpStatusCode.OK);
        }

        var answers = await Task.WhenAll(new[] { first, second }.Select(person => own.SendAsync(HttpMethod.Delete, $"/accounts/{person.Id}/roles/admin", null, Admin)));

        Assert.Single(answers, static answer => answer.Status == HttpStatusCode.OK);
        Assert.Single(answers, static answer => answer.Status != HttpStatusCode.OK).Problem(HttpStatusCode.Conflict, "illegal-state");
    }

    [Fact]
    public async Task A_role_changes_under_its_version_and_goes_when_nobody_has_it()
    {
        var (person, name) = (await identity.PersonAsync(), NewName());
        var created = (await identity.PostAsync("/roles", new { name, permissions = new[] { "log:read" } }, Admin)).Expect(HttpStatusCode.Created);
        (await identity.PostAsync("/roles", new { name, permissions = new[] { "log:read" } }, Admin)).Problem(HttpStatusCode.Conflict, "role-exists");
        (await identity.SendAsync(HttpMethod.Put, $"/roles/{name}", new { permissions = Everything }, Admin)).Problem(HttpStatusCode.PreconditionRequired, "precondition-required");
        var changed = (await identity.SendAsync(HttpMethod.Put, $"/roles/{name}", new { permissions = new[] { "log:manage" } }, Admin, created.ETag)).Expect(HttpStatusCode.OK);
        (await identity.SendAsync(HttpMethod.Put, $"/roles/{name}", new { permissions = Everything }, Admin, created.ETag)).Problem(HttpStatusCode.PreconditionFailed, "precondition-failed");

        (await identity.SendAsync(HttpMethod.Put, $"/accounts/{person.Id}/roles/{name}", null, Admin)).Expect(HttpStatusCode.OK);
        (await identity.SendAsync(HttpMethod.Delete, $"/roles/{name}", null, Admin, changed.ETag)).Problem(HttpStatusCode.Conflict, "role-in-use");
        (await identity.SendAsync(HttpMethod.Delete, $"/accounts/{person.Id}/roles/{name}", null, Admin)).Expect(HttpStatusCode.OK);
        (await identity.SendAsync(HttpMethod.Delete, $"/roles/{name}", null, Admin, changed.ETag)).Expect(HttpStatusCode.NoContent);
        (await identity.GetAsync($"/roles/{name}", Admin)).Problem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Changes_of_roles_can_be_tried_out()
    {
        var (person, name) = (await identity.PersonAsync(), NewName());
        (await identity.PostAsync("/roles?dryRun=true", new { name, permissions = new[] { "log:read" } }, Admin)).Expect(HttpStatusCode.OK);
        (await identity.GetAsync($"/roles/{name}", Admin)).Problem(HttpStatusCode.NotFound, "not-found");

        var created = (await identity.PostAsync("/roles", new { name, permissions = new[] { "log:read" } }, Admin)).Expect(HttpStatusCode.Created);
        (await identity.SendAsync(HttpMethod.Put, $"/roles/{name}?dryRun=true", new { permissions = Everything }, Admin, created.ETag)).Expect(HttpStatusCode.OK);
        (await identity.SendAsync(HttpMethod.Put, $"/accounts/{person.Id}/roles/{name}?dryRun=true", null, Admin)).Expect(HttpStatusCode.OK);
        (await identity.SendAsync(HttpMethod.Delete, $"/roles/{name}?dryRun=true", null, Admin, created.ETag)).Expect(HttpStatusCode.NoContent);

        Assert.Equal(created.ETag, (await identity.GetAsync($"/roles/{name}", Admin)).Expect(HttpStatusCode.OK).ETag);
        Assert.Empty(await PermissionsAsync(person.Id));
    }

    [Theory]
    [InlineData("Upper", "log:read")]
    [InlineData("fine", "nobody:declares-this")]
    public async Task What_cannot_be_a_role_is_refused(string name, string permission) =>
        (await identity.PostAsync("/roles", new { name, permissions = new[] { permission } }, Admin)).Problem(HttpStatusCode.BadRequest, "validation");

    [Fact]
    public async Task Accounts_are_found_by_address_and_role()
    {
        var person = await identity.PersonAsync();
        (await identity.SendAsync(HttpMethod.Put, $"/accounts/{person.Id}/roles/clerk", null, Admin)).Expect(HttpStatusCode.OK);

        var found = (await identity.PostAsync("/accounts/find", new { email = person.Email.ToUpperInvariant() }, Admin)).Expect(HttpStatusCode.OK).Json;
        var clerks = (await identity.GetAsync("/accounts?role=clerk", Admin)).Json.GetProperty("items").EnumerateArray().Select(static account => account.GetProperty("id").GetGuid());

        Assert.Equal(person.Id, found.GetProperty("id").GetGuid());
        Assert.Contains(person.Id, clerks);
        (await identity.GetAsync("/accounts", person.Caller)).Problem(HttpStatusCode.Forbidden, "forbidden");
        (await identity.PostAsync("/accounts/find", new { email = IdentityHost.NewEmail() }, Admin)).Problem(HttpStatusCode.NotFound, "not-found");
        (await identity.GetAsync("/accounts?role=%00", Admin)).Problem(HttpStatusCode.BadRequest, "validation");
        (await identity.SendAsync(HttpMethod.Delete, $"/accounts/{person.Id}/roles/unknown%01", null, Admin)).Expect(HttpStatusCode.OK);
    }

    private static string NewName() => "role-" + Guid.NewGuid().ToString("N")[..12];

    private async Task<IReadOnlyList<string>> PermissionsAsync(Guid accountId)
    {
        await using var scope = identity.Host.Services.CreateAsyncScope();
        return [.. (await scope.ServiceProvider.GetRequiredService<AccountPermissions>().OfAsync(accountId, CancellationToken.None)).Order(StringComparer.Ordinal)];
    }
}
