using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Testing;
using Npgsql;

namespace ModularMonolith.Identity.Tests;

public sealed class ProtectionTests
{
    [Fact]
    public async Task What_one_host_protects_another_one_reads_and_the_database_alone_does_not()
    {
        await using var first = await IdentityHost.StartAsync();
        await using var second = await first.StartAnotherAsync();

        var text = Protector(first).Protect("a secret");

        Assert.Equal("a secret", Protector(second).Unprotect(text));
        await using var source = NpgsqlDataSource.Create(first.ConnectionString);
        await using var command = source.CreateCommand("select string_agg(xml, '') from identity.protection_key");
        var stored = (string)(await command.ExecuteScalarAsync())!;
        Assert.Contains("encryptedKey", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("masterKey", stored, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("c2hvcnQ=")]
    [InlineData("not base64")]
    public async Task A_host_without_a_usable_key_does_not_start(string? key)
    {
        var refused = await Assert.ThrowsAsync<ModuleConfigurationException>(() => IdentityHost.StartAsync(("identity:EncryptionKey", key)));

        Assert.Contains("identity:EncryptionKey", refused.Message, StringComparison.Ordinal);
        if (key is not null)
        {
            Assert.DoesNotContain(key, refused.Message, StringComparison.Ordinal);
        }
    }

    private static IDataProtector Protector(ModuleHost host) => host.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("tests");
}
