// A research agent that opens an MCP session for every message. SharedAgent is the same agent after the fix.
//
//   dotnet run --project samples/PerCallAgent           over Streamable HTTP
//   dotnet run --project samples/PerCallAgent -- stdio  over stdio
//
// Both start the server (samples/ResearchServer) by themselves.

using PerCallAgent;
using SampleHost;

using var model = new ScriptedModel();
return await ChatLoop.RunAsync(args, "PerCallAgent", server => new ResearchAgent(model, server));
