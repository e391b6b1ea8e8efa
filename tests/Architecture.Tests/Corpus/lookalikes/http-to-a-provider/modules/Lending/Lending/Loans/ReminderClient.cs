namespace ModularMonolith.Lending.Loans;

internal sealed class ReminderClient(HttpClient http)
{
    public Task<HttpResponseMessage> SendAsync(string text, CancellationToken cancellationToken) =>
        http.PostAsync(new Uri("https://mail.example.org/api/v1/messages"), new StringContent(text), cancellationToken);
}
