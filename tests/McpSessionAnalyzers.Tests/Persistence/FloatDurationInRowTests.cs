using McpSessionAnalyzers.Persistence;
using static McpSessionAnalyzers.Tests.Persistence.StorageTest;

namespace McpSessionAnalyzers.Tests.Persistence;

/// <summary>MSA3001 over rows sent as JSON to a table of a REST API: the path of the incident.</summary>
public sealed class FloatDurationInRowTests
{
    public static TheoryData<Case> SilentCases => Case.For(
        new("other JSON", Body("""await Http.PostAsJsonAsync("https://api.example.com/events", new { duration_ms = span.TotalMilliseconds });""")),
        new("a metrics endpoint", Body("""await Http.PostAsJsonAsync("https://api.example.com/v1/metrics", new { latency = span.TotalMilliseconds });""")),
        new("a file", Body("""await File.WriteAllTextAsync("x.json", JsonSerializer.Serialize(new { duration_ms = span.TotalMilliseconds }));""")),
        new("rounded", Body("""await Http.PostAsJsonAsync("https://x.example.co/rest/v1/request_log", new { duration_ms = Math.Round(span.TotalMilliseconds) });""")),
        new("double column", Body("""await Http.PostAsJsonAsync("https://x.example.co/rest/v1/request_log", new { seconds = span.TotalSeconds });""")),
        new("a function", Body("""await Http.PostAsJsonAsync("https://x.example.co/rest/v1/rpc/log_call", new { duration_ms = span.TotalMilliseconds });""")),
        new("a column of no telling name", Body("""await Http.PostAsJsonAsync("https://x.example.co/rest/v1/other", new { duration = span.TotalMilliseconds });""")),
        new("a query", Body("""await Http.GetAsync($"https://x.example.co/rest/v1/request_log?duration_ms=gt.{span.TotalMilliseconds}");""")),
        new("a row type that is posted elsewhere", """
            class Row { [JsonPropertyName("duration_ms")] public double Duration { get; set; } }
            class Log { Task M(HttpClient http, Stopwatch w) => http.PostAsJsonAsync("https://api.example.com/events", new Row { Duration = w.Elapsed.TotalMilliseconds }); }
            """),
        new("ignored member", """
            class Row { public string Tool { get; set; } = ""; [JsonIgnore] public double Latency { get; set; } }
            class Log { Task M(HttpClient http, Stopwatch w) => http.PostAsJsonAsync("https://x.example.co/rest/v1/request_log", new Row { Latency = w.Elapsed.TotalMilliseconds }); }
            """));

    [Theory, MemberData(nameof(SilentCases))]
    public Task IsSilent(Case test) => RunAsync<FloatDurationInIntegerColumnAnalyzer>(test.Code);

    public static TheoryData<Case> ReportedCases => Case.For(
        new("anonymous object", Body("""await Http.PostAsJsonAsync("https://x.example.co/rest/v1/request_log", new { tool, duration_ms = [|span.TotalMilliseconds|] });""")),
        new("list of rows", Body("""await Http.PostAsJsonAsync("https://x.example.co/rest/v1/request_log", new[] { new { duration_ms = [|span.TotalMilliseconds|] } });""")),
        new("dictionary", Body("""await Http.PostAsJsonAsync("/rest/v1/request_log?select=id", new Dictionary<string, object?> { ["duration_ms"] = [|span.TotalMilliseconds|] });""")),
        new("dictionary by local", Body("""var row = new Dictionary<string, object?>(); row["duration_ms"] = [|span.TotalMilliseconds|]; await Http.PostAsJsonAsync("rest/v1/request_log", row);""")),
        new("JsonObject", Body("""var row = new JsonObject { ["duration_ms"] = [|span.TotalMilliseconds|] }; await Http.PostAsync("rest/v1/request_log", new StringContent(row.ToJsonString()));""")),
        new("serialized content", Body("""var json = JsonSerializer.Serialize(new { duration_ms = [|span.TotalMilliseconds|] }); await Http.PostAsync("https://x/rest/v1/request_log", new StringContent(json, Encoding.UTF8, "application/json"));""")),
        new("request message", Body("""using var request = new HttpRequestMessage(HttpMethod.Post, $"{tool}/rest/v1/request_log") { Content = JsonContent.Create(new { duration_ms = [|span.TotalMilliseconds|] }) }; await Http.SendAsync(request);""")),
        new("request message, content later", Body("""var request = new HttpRequestMessage(HttpMethod.Patch, "rest/v1/request_log?id=eq.1"); request.Content = JsonContent.Create(new { duration_ms = [|span.TotalMilliseconds|] }); await Http.SendAsync(request);""")),
        new("a known table's name", Body("""await Http.PostAsJsonAsync("https://db.example.com/request_log", new { duration_ms = [|span.TotalMilliseconds|] });""")),
        new("headers", Body("""Http.DefaultRequestHeaders.Add("Prefer", "return=minimal"); await Http.PostAsJsonAsync("https://db.example.com/logs", new { took_ms = [|span.TotalMilliseconds|] });""")),
        new("name only", Body("""await Http.PostAsJsonAsync("https://x.example.co/rest/v1/other", new { took_ms = [|span.TotalMilliseconds|] });""")),
        new("row type", """
            class Row { [JsonPropertyName("duration_ms")] public double Duration { get; set; } }
            class Log { Task M(HttpClient http, Stopwatch w) => http.PostAsJsonAsync("https://x.example.co/rest/v1/request_log", new Row { Duration = [|w.Elapsed.TotalMilliseconds|] }); }
            """),
        new("row record, made elsewhere", """
            record Row(string Tool, [property: JsonPropertyName("duration_ms")] double Duration);
            class Log { Task Save(HttpClient http, List<Row> rows) => http.PostAsJsonAsync("https://x.example.co/rest/v1/request_log", rows); }
            class Agent { Row M(Stopwatch w) => new Row("x", [|w.Elapsed.TotalMilliseconds|]); }
            """),
        new("address made by the constructor", """
            class Log
            {
                private readonly HttpClient _http;
                private readonly string _url;
                public Log(HttpClient http, string root) { _http = http; _url = root + "/rest/v1/request_log"; }
                Task M(Stopwatch w) => _http.PostAsJsonAsync(_url, new { latency = [|w.Elapsed.TotalMilliseconds|] });
            }
            """),
        new("address of parts", Body("""using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri("https://x.example.co"), "rest/v1/request_log")) { Content = JsonContent.Create(new { latency = [|span.TotalMilliseconds|] }) }; await Http.SendAsync(request);""")),
        new("collection expression", Body("""await Http.PostAsJsonAsync<object[]>("https://x.example.co/rest/v1/request_log", [new { duration_ms = [|span.TotalMilliseconds|] }]);""")) { CSharp = 12 });

    [Theory, MemberData(nameof(ReportedCases))]
    public Task Reports(Case test) => RunAsync<FloatDurationInIntegerColumnAnalyzer>(test.Code);
}
