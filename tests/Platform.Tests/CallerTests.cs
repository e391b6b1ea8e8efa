using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Platform.Tests.Notes;
using Npgsql;

namespace ModularMonolith.Platform.Tests;

public sealed class CallerTests : IAsyncLifetime
{
    private ModuleHost _host = null!;

    public async Task InitializeAsync() =>
        _host = await ModuleHost.StartAsync(typeof(NotesModule).Assembly, settings: new Dictionary<string, string?> { ["Security:OpenAccess"] = "false" });

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task Who_is_nobody_known_gets_401_who_lacks_the_permission_403_and_who_has_it_the_answer()
    {
        await ProblemAsync(await GetAsync("closed", null), HttpStatusCode.Unauthorized, "unauthenticated", "Bearer");
        var refused = await ProblemAsync(await GetAsync("closed", TestCredentials.Of("ann", "notes:write")), HttpStatusCode.Forbidden, "forbidden", null);
        Assert.Equal("notes:read", refused.GetProperty("permission").GetString());
        using var answer = await GetAsync("closed", TestCredentials.Of("ann", "notes:read"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("Test", "no base64!")]
    [InlineData("Unknown", "abc")]
    [InlineData("Test", null)]
    public async Task Credentials_that_do_not_hold_are_refused_even_where_nobody_has_to_be_known(string word, string? credentials) =>
        await ProblemAsync(await GetAsync("failing", new AuthenticationHeaderValue(word, credentials)), HttpStatusCode.Unauthorized, "invalid-credentials", "Bearer error=\"invalid_token\"");

    [Fact]
    public async Task A_check_of_credentials_that_fails_unforeseen_is_a_problem_like_any_other() =>
        await ProblemAsync(await GetAsync("closed", new AuthenticationHeaderValue("Test", Convert.ToBase64String("null"u8))), HttpStatusCode.InternalServerError, "internal", null);

    [Fact]
    public async Task What_a_caller_writes_carries_the_subject_to_whoever_handles_it()
    {
        using var written = await PostAsync("caller", "key", TestCredentials.Of("ann"));
        Assert.Equal(HttpStatusCode.Created, written.StatusCode);

        await using var source = NpgsqlDataSource.Create(_host.ConnectionString);
        await using var actor = source.CreateCommand("select headers->>'actor' from integration.message where key = 'caller'");
        Assert.Equal("ann", await actor.ExecuteScalarAsync());
    }

    [Fact]
    public async Task An_idempotency_key_is_its_senders_own()
    {
        using var first = await PostAsync("shared", "the same", TestCredentials.Of("ann"));
        using var others = await PostAsync("shared", "the same", TestCredentials.Of("ben"));
        using var again = await PostAsync("shared", "the same", TestCredentials.Of("ann"));

        Assert.False(others.Headers.Contains("Idempotency-Replayed"));
        Assert.True(again.Headers.Contains("Idempotency-Replayed"));
        Assert.NotEqual(await first.Content.ReadAsStringAsync(), await others.Content.ReadAsStringAsync());
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
    }

    private async Task<HttpResponseMessage> GetAsync(string path, AuthenticationHeaderValue? credentials)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/notes/" + path) { Headers = { Authorization = credentials } };
        return await _host.Client.SendAsync(request);
    }

    private async Task<HttpResponseMessage> PostAsync(string text, string key, AuthenticationHeaderValue credentials)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/notes/notes") { Content = JsonContent.Create(new { text }), Headers = { Authorization = credentials } };
        request.Headers.Add("Idempotency-Key", key);
        return await _host.Client.SendAsync(request);
    }

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string type, string? challenge)
    {
        using (answer)
        {
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((status, "/problems/" + type), (answer.StatusCode, problem.GetProperty("type").GetString()));
            Assert.Equal(challenge, answer.Headers.WwwAuthenticate.Count == 0 ? null : answer.Headers.WwwAuthenticate.ToString());
            return problem;
        }
    }
}
