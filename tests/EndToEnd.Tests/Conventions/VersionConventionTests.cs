namespace ModularMonolith.EndToEnd.Tests.Conventions;

/// <summary>Conventions 6 to 10: versions of resources.</summary>
[Collection(ConventionsHosts.Name)]
public sealed class VersionConventionTests(ConventionsHost host)
{
    [Fact]
    public async Task Convention_6_the_tag_is_strong_and_changes_with_the_resource_only()
    {
        var (path, tag) = await host.ProductAsync();
        Assert.Matches("^\"[^\"]+\"$", tag);

        Assert.Equal(tag, (await host.Api.GetAsync(path)).Expect(200).Header("ETag"));
        Assert.Equal(tag, (await host.Api.GetAsync(path)).Expect(200).Header("ETag"));
        (await host.Api.PutAsync(path, ConventionsHost.Product("Other"), ("If-Match", "\"v99\""))).ExpectProblem(412);
        Assert.Equal(tag, (await host.Api.GetAsync(path)).Expect(200).Header("ETag"));

        var changed = (await host.Api.PutAsync(path, ConventionsHost.Product("Other"), ("If-Match", tag))).Expect(200);
        Assert.NotEqual(tag, changed.Header("ETag"));
        Assert.Equal(changed.Header("ETag"), (await host.Api.GetAsync(path)).Expect(200).Header("ETag"));
    }

    [Fact]
    public async Task Convention_7_what_the_client_has_is_not_sent_again()
    {
        var (path, tag) = await host.ProductAsync();

        var same = (await host.Api.GetAsync(path, ("If-None-Match", $"\"other\", {tag}"))).Expect(304);

        Assert.Equal(tag, same.Header("ETag"));
        Assert.Empty(same.Body);
        (await host.Api.GetAsync(path, ("If-None-Match", "\"v99\""))).Expect(200);
    }

    [Theory]
    [InlineData("\"v99\"", 412, "precondition-failed")]
    [InlineData("W/\"v1\"", 412, "precondition-failed")]
    [InlineData(null, 428, "precondition-required")]
    public async Task Conventions_8_and_9_a_change_names_the_version_that_it_changes(string? tag, int status, string type)
    {
        var (path, _) = await host.ProductAsync();
        var answer = tag is null ? await host.Api.PutAsync(path, ConventionsHost.Product("Other")) : await host.Api.PutAsync(path, ConventionsHost.Product("Other"), ("If-Match", tag));
        answer.ExpectProblem(status, type);
        Assert.Equal("Kettle", (await host.Api.GetAsync(path)).Expect(200)["title"]);
    }

    [Fact]
    public async Task Convention_10_of_a_hundred_changes_to_one_version_one_succeeds()
    {
        var (path, tag) = await host.ProductAsync();

        var edits = await Task.WhenAll(Enumerable.Range(0, 100).Select(number => host.Api.PutAsync(path, ConventionsHost.Product("Kettle " + number), ("If-Match", tag))));

        var winner = Assert.Single(edits, edit => edit.Code == 200);
        Assert.All(edits.Where(edit => edit != winner), edit => edit.ExpectProblem(edit.Code == 409 ? 409 : 412));
        Assert.Equal(winner["title"], (await host.Api.GetAsync(path)).Expect(200)["title"]);
    }
}
