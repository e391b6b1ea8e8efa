using Marten;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Identity.Accounts;
using ModularMonolith.Identity.Admins;
using ModularMonolith.Identity.SignIns;
using ModularMonolith.Platform.Hosting;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Identity.Tests;

public sealed class AdminTests
{
    private const string Email = "chief@example.com";
    private const string Password = "green kettles in line";

    [Fact]
    public async Task The_configured_admin_is_made_once_by_however_many_hosts()
    {
        await using var first = await IdentityHost.StartAsync(("identity:Admin:Email", Email), ("identity:Admin:Password", Password));
        await using var second = await first.StartAnotherAsync();

        var outcome = await Eventually.Async(
            () => second.SendAsync(new SignInWithPassword(Email, Password, null, IdentityHost.Origin)), static outcome => outcome.Status == SignInStatus.SignedIn);

        Assert.Equal(NewAdminResult.NotNeeded, (await first.SendAsync(new CreateAdmin("other@example.com", Password, OnlyFirst: true))).Result);
        await using var session = first.Services.GetRequiredService<IIdentityStore>().QuerySession();
        var admin = Assert.Single(await session.Query<Account>().ToListAsync());
        Assert.Equal((outcome.AccountId, "admin"), (admin.Id, Assert.Single(admin.Roles)));
    }

    [Fact]
    public async Task Without_a_configured_one_there_is_no_admin_and_no_default_password()
    {
        await using var host = await IdentityHost.StartAsync();

        var made = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => host.SendAsync(new CreateAdmin(Email, null, OnlyFirst: true))));

        var created = Assert.Single(made, static admin => admin.Result == NewAdminResult.Created);
        Assert.Equal(24, created.GeneratedPassword!.Length);
        Assert.Equal(SignInStatus.SignedIn, (await host.SendAsync(new SignInWithPassword(Email, created.GeneratedPassword, null, IdentityHost.Origin))).Status);
    }

    [Fact]
    public async Task An_operator_makes_an_admin_by_a_command()
    {
        await using var host = await IdentityHost.StartAsync(("identity:Admin:Password", Password));
        await using var scope = host.Services.CreateAsyncScope();
        var command = Assert.Single(scope.ServiceProvider.GetServices<IHostCommand>());

        Assert.Equal(1, await command.RunAsync([], CancellationToken.None));
        Assert.Equal(1, await command.RunAsync(["no address"], CancellationToken.None));
        Assert.Equal(0, await command.RunAsync([Email], CancellationToken.None));
        Assert.Equal(0, await command.RunAsync([Email], CancellationToken.None));

        Assert.Equal(SignInStatus.SignedIn, (await host.SendAsync(new SignInWithPassword(Email, Password, null, IdentityHost.Origin))).Status);
    }
}
