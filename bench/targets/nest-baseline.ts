import 'reflect-metadata';
import { Body, Controller, HttpCode, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { countAccepted, reportReady } from './child';

/** What every Longhaul process imports; the drivers come with the backend: `<memory|redis|rabbitmq>`. */
const EVERYWHERE = [
  '@fastify/static',
  '@nestjs/config',
  '@nestjs/microservices',
  '@nestjs/swagger',
  '@nestjs/terminus',
  '@nestjs/typeorm',
  'ajv',
  'class-transformer',
  'class-validator',
  'commander',
  'fastest-levenshtein',
  'ipaddr.js',
  'typeorm',
  'ulid',
  'yaml',
  'zod',
];
const DRIVERS: Record<string, string[]> = {
  memory: ['better-sqlite3'],
  redis: ['pg', '@nestjs/bullmq', 'bullmq', 'ioredis'],
  rabbitmq: ['pg', 'amqp-connection-manager', 'amqplib'],
};
const [backend = ''] = process.argv.slice(2);
for (const name of [...EVERYWHERE, ...(DRIVERS[backend] ?? [])]) require(name);

@Controller('v1/agents/:id')
class ChatController {
  @Post('chat')
  @HttpCode(202)
  chat(@Body() body: unknown): unknown {
    countAccepted();
    return body;
  }
}

@Module({ controllers: [ChatController] })
class BaselineModule {}

async function main(): Promise<void> {
  const app = await NestFactory.create<NestFastifyApplication>(BaselineModule, new FastifyAdapter());
  await app.listen(0, '127.0.0.1');
  reportReady(await app.getUrl());
}

void main();
