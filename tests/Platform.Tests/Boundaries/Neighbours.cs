using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.East;
using ModularMonolith.North;
using ModularMonolith.Platform.Hosting;
using ModularMonolith.Platform.Modules;
using ModularMonolith.West;

namespace ModularMonolith.Platform.Tests.Boundaries;

/// <summary>The made-up modules beside each other in one host.</summary>
internal static class Neighbours
{
    /// <summary>Puts the host together; nothing is started and no database is needed.</summary>
    public static WebApplication Build(IReadOnlyDictionary<string, string?>? settings = null, string environment = "Testing")
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Security:OpenAccess"] = "true",
            ["Http:RequireHttps"] = "false",
            ["Database:RoleSecret"] = "a secret for tests only, of no use elsewhere",
            ["Database:MigrateOnStart"] = "true",
            ["SampleData:Enabled"] = "false",
        });
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        builder.WebHost.UseTestServer();
        builder.Services.AddRouting();
        builder.AddModularMonolith(ModuleCatalog.From([typeof(EastModule).Assembly, typeof(WestModule).Assembly, typeof(NorthModule).Assembly], builder.Configuration));
        return builder.Build();
    }
}
