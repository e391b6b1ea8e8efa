using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Platform.Tests.Notes;
using Npgsql;

namespace ModularMonolith.Platform.Tests;

public sealed class PipelineTests(NotesHost notes) : IClassFixture<NotesHost>
{
    private readonly ModuleHost _host = notes.Host;

    [Fact]
    public async Task Parallel_commands_on_one_document_lose_no_change_when_they_may_be_retried()
    {
        var note = await _host.SendAsync(new WriteNote("counted"));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _host.SendAsync(new CountUp(note.Id))));

        await using var session = _host.Services.GetRequiredService<INotesStore>().QuerySession();
        Assert.Equal(8, (await session.LoadAsync<Note>(note.Id))!.Count);
    }

    [Fact]
    public async Task A_command_inside_a_command_of_the_same_module_is_refused()
    {
        var note = await _host.SendAsync(new WriteNote("nested"));

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => _host.SendAsync(new WriteTwice(note.Id)));

        Assert.Contains("notes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invalid_fields_are_reported_all_at_once_with_their_places()
    {
        var problem = await PostAsync("""{"text":""}""", HttpStatusCode.BadRequest, Guid.NewGuid().ToString());

        Assert.Equal("/problems/validation", problem.GetProperty("type").GetString());
        Assert.Equal("#/text", problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
        Assert.False(string.IsNullOrEmpty(problem.GetProperty("traceId").GetString()));
    }

    [Theory]
    [InlineData("""{"text":"a","colour":"red"}""", "colour")]
    [InlineData("""{"text":5}""", "#/text")]
    [InlineData("{", "JSON")]
    [InlineData("", "")]
    [InlineData("null", "")]
    [InlineData("""{}""", "text")]
    public async Task A_body_that_cannot_be_read_is_refused_with_the_place(string body, string mentions)
    {
        var problem = await PostAsync(body, HttpStatusCode.BadRequest, Guid.NewGuid().ToString());

        Assert.Contains(mentions, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("ModularMonolith", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_key_and_body_have_one_effect_and_the_identical_answer()
    {
        var key = Guid.NewGuid().ToString();
        var first = await SendAsync("""{"text":"once"}""", key);
        var again = await SendAsync("""{"text":"once"}""", key);

        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotency-Replayed")));
        Assert.Equal(1L, await CountAsync("once"));
    }

    [Fact]
    public async Task Fifty_parallel_requests_with_one_key_have_one_effect()
    {
        var key = Guid.NewGuid().ToString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => SendAsync("""{"text":"parallel"}""", key)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        Assert.Single((await Task.WhenAll(answers.Select(answer => answer.Content.ReadAsStringAsync()))).Distinct());
        Assert.Equal(1L, await CountAsync("parallel"));
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused()
    {
        var key = Guid.NewGuid().ToString();
        await SendAsync("""{"text":"first"}""", key);

        var problem = await PostAsync("""{"text":"second"}""", HttpStatusCode.UnprocessableEntity, key);

        Assert.Equal("/problems/idempotency-key-reused", problem.GetProperty("type").GetString());
        Assert.Equal(0L, await CountAsync("second"));
    }

    [Fact]
    public async Task A_failed_validation_does_not_burn_the_key()
    {
        var key = Guid.NewGuid().ToString();
        await PostAsync("""{"text":""}""", HttpStatusCode.BadRequest, key);

        var answer = await SendAsync("""{"text":"corrected"}""", key);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    [Fact]
    public async Task A_missing_idempotency_key_is_asked_for()
    {
        using var answer = await _host.Client.PostAsJsonAsync("/api/notes/notes", new { text = "x" });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("idempotency-key-required", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/nowhere", 404)]
    [InlineData("DELETE", "/api/notes/notes", 405)]
    [InlineData("GET", "/api/notes/failing", 500)]
    public async Task Every_failure_is_a_problem_document_that_tells_nothing_of_the_inside(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await _host.Client.SendAsync(request);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.DoesNotContain("secret", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_the_wrong_media_type_is_refused_with_415()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/notes/notes") { Content = new StringContent("<a/>", Encoding.UTF8, "text/xml") };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        using var answer = await _host.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task The_type_of_a_problem_leads_to_its_explanation()
    {
        var page = await _host.Client.GetFromJsonAsync<JsonElement>("/problems/validation");

        Assert.Contains("JSON Pointer", page.GetProperty("explanation").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_tells_that_the_module_reaches_its_data()
    {
        Assert.Equal(HttpStatusCode.OK, (await _host.Client.GetAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _host.Client.GetAsync("/health/ready")).StatusCode);
    }

    [Fact]
    public async Task The_module_s_role_has_no_right_outside_its_schema()
    {
        var module = _host.Services.GetRequiredService<Modules.ModuleCatalog>().Modules[0];
        await using (var admin = NpgsqlDataSource.Create(_host.ConnectionString))
        await using (var make = admin.CreateCommand("create schema if not exists other; create table if not exists other.thing (id int)"))
        {
            await make.ExecuteNonQueryAsync();
        }

        foreach (var sql in new[] { "select * from other.thing", "create table public.mine (id int)", "create schema mine", "delete from integration.message", "update integration.message set key = 'x'" })
        {
            await using var command = _host.Services.GetRequiredService<ModuleDataSources>().For(module).CreateCommand(sql);
            var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string body, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/notes/notes") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", key);
        return await _host.Client.SendAsync(request);
    }

    private async Task<JsonElement> PostAsync(string body, HttpStatusCode expected, string key)
    {
        using var answer = await SendAsync(body, key);
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<object?> CountAsync(string text)
    {
        await using var source = NpgsqlDataSource.Create(_host.ConnectionString);
        await using var command = source.CreateCommand("select count(*) from notes.note_audit where text = $1");
        command.Parameters.AddWithValue(text);
        return await command.ExecuteScalarAsync();
    }
}
