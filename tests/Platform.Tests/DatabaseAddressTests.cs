using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Tests.Notes;
using Npgsql;

namespace ModularMonolith.Platform.Tests;

public sealed class DatabaseAddressTests
{
    [Fact]
    public void A_modules_pool_keeps_statements_prepared_and_connections_as_they_are()
    {
        var pool = PoolFor("Host=localhost;Database=shop;Username=admin;Password=a-secret");

        Assert.Equal(100, pool.MaxAutoPrepare);
        Assert.True(pool.NoResetOnClose);
        Assert.Equal("shop_notes", pool.Username);
        Assert.Equal("notes", pool.SearchPath);
    }

    [Fact]
    public void What_the_connection_string_says_about_it_counts()
    {
        var pool = PoolFor("Host=localhost;Database=shop;Username=admin;Password=a-secret;Max Auto Prepare=0;No Reset On Close=false");

        Assert.Equal(0, pool.MaxAutoPrepare);
        Assert.False(pool.NoResetOnClose);
    }

    private static NpgsqlConnectionStringBuilder PoolFor(string connectionString)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:Default"] = connectionString })
            .Build();
        var module = ModuleCatalog.From([typeof(NotesModule).Assembly], configuration).Modules.Single(module => module.Name == "notes");
        return new NpgsqlConnectionStringBuilder(new DatabaseAddress(configuration, Options.Create(new DatabaseOptions())).ConnectionStringOf(module));
    }
}
