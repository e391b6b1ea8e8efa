using ModularMonolith.EndToEnd.Tests.Conventions;

namespace ModularMonolith.EndToEnd.Tests.HttpFiles;

/// <summary>Each module's file of requests runs from top to bottom, as whoever reads it would.</summary>
[Collection(ConventionsHosts.Name)]
public sealed class HttpFileTests(ConventionsHost host)
{
    private static readonly string[] Names = [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "HttpFiles"), "*.http").Select(static path => Path.GetFileName(path)).Order()];

    public static TheoryData<string> Files => [.. Names];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task The_requests_of_a_file_succeed_one_after_the_other(string name)
    {
        var file = HttpFile.Read(Path.Combine(AppContext.BaseDirectory, "HttpFiles", name));
        file.Set("host", host.Address.ToString().TrimEnd('/'));
        file.Set("password", HostSettings.AdminPassword);
        if (file.Has("newcomer"))
        {
            file.Set("newcomer", $"{Guid.NewGuid():N}@example.com");
        }

        // The admin is there once somebody has signed in.
        (await host.Api.GetAsync("/api/identity/account")).Expect(200);
        using var api = host.Callers.Anonymous();
        Assert.True(file.Requests.Count > 5, $"{name} has {file.Requests.Count} requests.");
        foreach (var request in file.Requests)
        {
            var answer = await file.SendAsync(request, api);

            Assert.True(request.Status is { } status ? answer.Code == status : answer.Code is >= 200 and < 300, $"{name}, '{request.Title}' expected {request.Status?.ToString() ?? "success"}: {answer}");
            if (request.Name == "registration")
            {
                // What a person reads on the console.
                var token = await Eventually.Async(() => Task.FromResult(host.Callers.MailTokenOf(answer["registrationId"])), static token => token is not null);
                file.Set("mailToken", token!);
            }
        }
    }

    [Fact]
    public void Every_module_has_a_file()
    {
        var modules = HttpContracts.ContractFiles.Above(AppContext.BaseDirectory).Paths().Keys.Where(static owner => owner != HttpContracts.ContractDocument.Platform);

        Assert.Equal(modules.Order(), Names.Select(static name => Path.GetFileNameWithoutExtension(name).ToLowerInvariant()).Order());
    }
}
